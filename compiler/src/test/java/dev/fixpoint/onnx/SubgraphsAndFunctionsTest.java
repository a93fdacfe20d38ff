package dev.fixpoint.onnx;

import static dev.fixpoint.onnx.Protos.graph;
import static dev.fixpoint.onnx.Protos.ints;
import static dev.fixpoint.onnx.Protos.model;
import static dev.fixpoint.onnx.Protos.node;
import static dev.fixpoint.onnx.Protos.number;
import static dev.fixpoint.onnx.Protos.reference;
import static dev.fixpoint.onnx.Protos.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.internal.proto.AttributeProto.AttributeType;
import dev.fixpoint.onnx.internal.proto.FunctionProto;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import dev.fixpoint.op.Attribute;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubgraphsAndFunctionsTest {
  private static final String OURS = "ours";

  private static Graph read(ModelProto.Builder model) {
    Graph graph = OnnxReader.read(model.build().toByteArray());
    assertThat(GraphDifference.between(graph, OnnxReader.read(OnnxWriter.toBytes(graph))))
        .isEmpty();
    return graph;
  }

  private static GraphProto.Builder body(String result, NodeProto... nodes) {
    return GraphProto.newBuilder()
        .setName("body of " + result)
        .addAllNode(List.of(nodes))
        .addOutput(ValueInfoProto.newBuilder().setName(result));
  }

  private static NodeProto ifNode(String condition, String output, GraphProto.Builder branch) {
    return node(
        "If",
        condition,
        output,
        Protos.graph("then_branch", branch),
        Protos.graph("else_branch", body("e", node("Neg", "x", "e"))));
  }

  private static Graph branch(Graph graph, int node) {
    return ((GraphBody) graph.nodes().get(node).attributes().get(Attribute.ofGraph("then_branch")))
        .graph();
  }

  private static GraphProto.Builder withCondition(NodeProto... nodes) {
    return graph(nodes).addInput(ValueInfoProto.newBuilder().setName("c").setType(Protos.type(9)));
  }

  @Test
  void aSubgraphCapturesWhatItReadsFromOutside() {
    Graph graph =
        read(
            model(
                16,
                withCondition(
                    node("Relu", "x", "t"), ifNode("c", "y", body("a", node("Abs", "t", "a"))))));

    assertThat(branch(graph, 1).captures()).extracting(Value::name).containsExactly("t");
    assertThat(branch(graph, 1).captures()).containsExactly(graph.nodes().getFirst().output());
    assertThat(graph.nodes().get(1).captures()).extracting(Value::name).containsExactly("t", "x");
    assertThat(branch(graph, 1).type(branch(graph, 1).outputs().getFirst()))
        .hasToString("float[2,3,4,5]");
  }

  @Test
  void aCaptureReachesThroughAllLevels() {
    GraphProto.Builder inner = body("i", node("Add", "x d", "i"));
    GraphProto.Builder outer = body("o", node("Not", "c", "d"), ifNode("d", "o", inner));

    Graph graph = read(model(16, withCondition(ifNode("c", "y", outer))));

    assertThat(branch(graph, 0).captures()).extracting(Value::name).containsExactly("c", "x");
    assertThat(branch(branch(graph, 0), 1).captures())
        .extracting(Value::name)
        .containsExactly("x", "d");
  }

  @Test
  void aSubgraphThatReadsNothingIsRefused() {
    assertThatThrownBy(
            () ->
                read(model(16, withCondition(ifNode("c", "y", body("a", node("Abs", "q", "a")))))))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Abs node 'the Abs': reads 'q', which no node, input or initializer makes; add it or"
                + " fix the name");
  }

  @Test
  void aNameOfAnInnerValueThatHidesAnOuterOneIsWrittenWithANumber() {
    GraphProto.Builder hiding = body("t", node("Neg", "x", "t"));
    GraphProto.Builder graph = withCondition(node("Relu", "x", "t"), ifNode("c", "y", hiding));
    byte[] bytes = model(16, graph).build().toByteArray();

    Graph back = OnnxReader.read(OnnxWriter.toBytes(OnnxReader.read(bytes)));

    assertThat(branch(back, 1).outputs()).extracting(Value::name).containsExactly("t_1");
  }

  private static FunctionProto.Builder function(String name, NodeProto... nodes) {
    return FunctionProto.newBuilder()
        .setDomain(OURS)
        .setName(name)
        .addInput("a")
        .addOutput("r")
        .addOpsetImport(Protos.opset("", 17))
        .addOpsetImport(Protos.opset(OURS, 1))
        .addAllNode(List.of(nodes));
  }

  private static NodeProto call(String name, String inputs, String outputs) {
    return node(name, inputs, outputs).toBuilder().setDomain(OURS).build();
  }

  private static ModelProto.Builder calling(NodeProto call, FunctionProto.Builder... functions) {
    ModelProto.Builder model = model(21, call).addOpsetImport(Protos.opset(OURS, 1));
    for (FunctionProto.Builder function : functions) {
      model.addFunctions(function);
    }
    return model;
  }

  @Test
  void aFunctionIsInlinedWithItsValuesRenamed() {
    GraphProto.Builder graph = graph(call("Twice", "x", "t"), call("Twice", "t", "y"));
    ModelProto.Builder model =
        model(21, graph)
            .addOpsetImport(Protos.opset(OURS, 1))
            .addFunctions(function("Twice", node("Relu", "a", "t"), node("Abs", "t", "r")));

    assertThat(Printed.nodes(read(model)))
        .containsExactly("t_1 = Relu(x)", "t = Abs(t_1)", "t_2 = Relu(t)", "y = Abs(t_2)");
  }

  @Test
  void functionsCallFunctionsAndLiftTheirOwnOpset() {
    FunctionProto.Builder inner = function("Inner", node("ReduceMean", "a", "r", ints("axes", 1)));
    FunctionProto.Builder outer = function("Outer", call("Inner", "a", "m"), node("Abs", "m", "r"));

    assertThat(Printed.nodes(read(calling(call("Outer", "x", "y"), outer, inner))))
        .containsExactly("m = ReduceMean(x, [1])", "y = Abs(m)");
  }

  @Test
  void attributesComeFromTheCallOrTheDefault() {
    FunctionProto.Builder leaky =
        function(
                "Leaky",
                node("LeakyRelu", "a", "t", reference("alpha", AttributeType.FLOAT, "slope")),
                node("Elu", "t", "r", reference("alpha", AttributeType.FLOAT, "size")))
            .addAttribute("slope")
            .addAttributeProto(number("size", 0.5f));
    NodeProto withSlope =
        call("Leaky", "x", "y").toBuilder().addAttribute(number("slope", 0.25f)).build();

    assertThat(Printed.nodes(read(calling(withSlope, leaky))))
        .containsExactly("t = LeakyRelu(x) {alpha=0.25}", "y = Elu(t) {alpha=0.5}");
    assertThat(Printed.nodes(read(calling(call("Leaky", "x", "y"), leaky))))
        .containsExactly("t = LeakyRelu(x)", "y = Elu(t) {alpha=0.5}");
  }

  @Test
  void anOverloadIsChosenByItsName() {
    FunctionProto.Builder one = function("F", node("Relu", "a", "r")).setOverload("one");
    FunctionProto.Builder two = function("F", node("Abs", "a", "r")).setOverload("two");
    NodeProto call = call("F", "x", "y").toBuilder().setOverload("two").build();

    assertThat(Printed.nodes(read(calling(call, one, two)))).containsExactly("y = Abs(x)");
  }

  @Test
  void anOmittedInputIsOmittedInTheBody() {
    FunctionProto.Builder clip = function("Bounded", node("Clip", "a low", "r")).addInput("low");

    assertThat(Printed.nodes(read(calling(call("Bounded", "x", "y"), clip))))
        .containsExactly("y = Clip(x)");
  }

  @Test
  void aResultThatIsAnInputPassesThrough() {
    FunctionProto.Builder same = function("Same").clearOutput().addOutput("a");

    assertThat(Printed.nodes(read(calling(call("Same", "x", "y"), same))))
        .containsExactly("y = Identity(x)");
  }

  @Test
  void aSubgraphInAFunctionSeesTheFunctionOnly() {
    FunctionProto.Builder choose =
        function(
                "Choose",
                node("Neg", "a", "n"),
                node(
                    "If",
                    "k",
                    "r",
                    Protos.graph("then_branch", body("i", node("Abs", "n", "i"))),
                    Protos.graph("else_branch", body("j", node("Abs", "a", "j")))))
            .addInput("k");
    ModelProto.Builder model =
        model(21, withCondition(call("Choose", "x c", "y")))
            .addOpsetImport(Protos.opset(OURS, 1))
            .addFunctions(choose);

    Graph graph = read(model);

    assertThat(Printed.nodes(branch(graph, 1))).containsExactly("i = Abs(n)");
    assertThat(graph.nodes().get(1).captures()).extracting(Value::name).containsExactly("n", "x");
  }

  @Test
  void aFunctionThatCallsItselfIsRefused() {
    FunctionProto.Builder ping = function("Ping", call("Pong", "a", "r"));
    FunctionProto.Builder pong = function("Pong", call("Ping", "a", "r"));

    assertThatThrownBy(() -> read(calling(call("Ping", "x", "y"), ping, pong)))
        .isInstanceOf(ModelException.class)
        .hasMessage("ours.Ping node 'the Ping': function ours.Ping calls itself; unroll it");
  }

  @Test
  void functionsThatDoubleEachOtherAreStopped() {
    FunctionProto.Builder[] functions = new FunctionProto.Builder[41];
    functions[0] = function("F0", node("Relu", "a", "r"));
    for (int i = 1; i < functions.length; i++) {
      String next = "F" + (i - 1);
      functions[i] = function("F" + i, call(next, "a", "m"), call(next, "m", "r"));
    }

    assertThatThrownBy(() -> read(calling(call("F40", "x", "y"), functions)))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "ours.F\\d+ node 'the F\\d+': the model's functions expand to more than \\d+ nodes;"
                + " give Java a larger heap \\(-Xmx\\), or check the file");
  }

  @Test
  void twoFunctionsOfOneNameAreRefused() {
    FunctionProto.Builder function = function("F", node("Relu", "a", "r"));

    assertThatThrownBy(() -> read(calling(call("F", "x", "y"), function, function)))
        .isInstanceOf(ModelException.class)
        .hasMessage("two functions are named ours.F; give each its own name");
  }

  @Test
  void moreInputsThanTheFunctionHasAreRefused() {
    assertThatThrownBy(
            () -> read(calling(call("F", "x x", "y"), function("F", node("Relu", "a", "r")))))
        .isInstanceOf(ModelException.class)
        .hasMessage("ours.F node 'the F' has 2 inputs and 1 outputs, but the function has 1 and 1");
  }

  @Test
  void aResultThatTheBodyDoesNotMakeIsRefused() {
    assertThatThrownBy(
            () -> read(calling(call("F", "x", "y"), function("F", node("Relu", "a", "q")))))
        .isInstanceOf(ModelException.class)
        .hasMessage("ours.F node 'the F': the function does not make its result 'r'; remove it");
  }

  @Test
  void anInitializerThatIsAnInputAsWellIsAConstant() {
    GraphProto.Builder graph =
        graph(node("Add", "x w", "y"))
            .addInput(value("w", 1))
            .addInitializer(Protos.floats("w", List.of(1L), 3));

    Graph read = read(model(9, graph));

    assertThat(read.inputs()).extracting(Value::name).containsExactly("x");
    assertThat(read.initializers().keySet()).extracting(Value::name).containsExactly("w");
  }

  @Test
  void constantNodesBecomeInitializers() {
    GraphProto.Builder graph =
        graph(
            node("Constant", "", "f", number("value_float", 2)),
            node(
                "Constant",
                "",
                "t",
                Protos.tensor("value", Protos.floats("", List.of(5L), 1, 2, 3, 4, 5))),
            node("Add", "x f", "s"),
            node("Add", "s t", "y"));

    assertThat(Printed.nodes(read(model(13, graph))))
        .containsExactly("s = Add(x, 2.0)", "y = Add(s, [1.0 2.0 3.0 4.0 5.0])");
  }
}
