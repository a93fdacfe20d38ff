package dev.fixpoint.onnx;

import static dev.fixpoint.onnx.Protos.floats;
import static dev.fixpoint.onnx.Protos.graph;
import static dev.fixpoint.onnx.Protos.integer;
import static dev.fixpoint.onnx.Protos.model;
import static dev.fixpoint.onnx.Protos.node;
import static dev.fixpoint.onnx.Protos.number;
import static dev.fixpoint.onnx.Protos.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.AttributeProto;
import dev.fixpoint.onnx.internal.proto.GraphProto;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.NodeProto;
import dev.fixpoint.onnx.internal.proto.SparseTensorProto;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.onnx.internal.proto.TypeProto;
import dev.fixpoint.onnx.internal.proto.ValueInfoProto;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MalformedModelTest {
  private static final NodeProto RELU = node("Relu", "x", "y");

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> OnnxReader.read(bytes))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  private static void assertRefused(ModelProto.Builder model, String message) {
    assertRefused(model.build().toByteArray(), message);
  }

  private static void assertRefused(GraphProto.Builder graph, String message) {
    assertRefused(model(21, graph), message);
  }

  @Test
  void anEmptyFile() {
    assertRefused(new byte[0], "the model is empty; export or copy it again");
  }

  @Test
  void aFileThatIsCutShort() {
    byte[] bytes = model(21, RELU).build().toByteArray();

    assertRefused(
        Arrays.copyOf(bytes, bytes.length / 2),
        "the model is cut short or not ONNX: it has 35 bytes, but ModelProto.graph reaches to byte"
            + " 65; copy or export it again");
  }

  @Test
  void aFileOfAnotherFormat() {
    assertRefused(
        "PNG, or so it seems".getBytes(StandardCharsets.UTF_8),
        "the model is damaged or not ONNX: at byte 2, in ModelProto.opset_import, whose wire type"
            + " ONNX does not use; copy or export it again");
  }

  @Test
  void aLengthBeyondTheMessageAroundIt() {
    byte[] bytes = model(21, RELU).build().toByteArray();
    // The node is the first part of the graph: tag and length follow those of the graph.
    int graph = indexOf(bytes, (byte) 0x3a);
    bytes[graph + 3] = 0x7f;

    assertRefused(
        bytes,
        "the model is damaged or not ONNX: at byte 65, in GraphProto.node, which goes beyond what"
            + " holds it; copy or export it again");
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    throw new IllegalArgumentException("no such byte");
  }

  @Test
  void aLengthOfMoreThanTwoGigabytes() {
    byte[] bytes = {0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};

    assertRefused(
        bytes,
        "the model is damaged or not ONNX: at byte 6, in ModelProto.graph, which says that it has"
            + " 34359738367 bytes; copy or export it again");
  }

  @Test
  void aNameThatIsNotText() {
    ByteString bytes = model(21, graph(RELU).setName("name")).build().toByteString();
    byte[] damaged = bytes.toByteArray();
    damaged[bytes.toString(StandardCharsets.ISO_8859_1).indexOf("name")] = (byte) 0xff;

    assertRefused(damaged, "at byte 30, GraphProto.name is not UTF-8 text; export the model again");
  }

  @Test
  void messagesNestedWithoutEnd() {
    assertThatThrownBy(() -> OnnxReader.read(nested(70)))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "at byte \\d+ messages are nested deeper than 200; no network needs that: flatten its"
                + " subgraphs");
    assertThat(OnnxReader.read(nested(60)).nodes()).hasSize(1);
  }

  private static byte[] nested(int depth) {
    GraphProto.Builder inner = GraphProto.newBuilder().setName("inner");
    for (int i = 0; i < depth; i++) {
      inner =
          GraphProto.newBuilder()
              .setName("level " + i)
              .addNode(node("Odd", "", "a", Protos.graph("body", inner)));
    }
    return model(21, inner).build().toByteArray();
  }

  @Test
  void moreNodesThanMemory() {
    // An empty node takes two bytes in the file and some hundred as an object.
    byte[] bytes = new byte[64 << 20];
    int graphLength = bytes.length - 6 - 6;
    byte[] head = {
      0x42,
      4,
      0x0a,
      0,
      0x10,
      21,
      0x3a,
      (byte) (graphLength & 0x7f | 0x80),
      (byte) (graphLength >> 7 & 0x7f | 0x80),
      (byte) (graphLength >> 14 & 0x7f | 0x80),
      (byte) (graphLength >> 21 & 0x7f | 0x80),
      0
    };
    head[11] = (byte) (graphLength >> 28);
    for (int i = head.length; i < bytes.length; i += 2) {
      bytes[i] = 0x0a;
    }
    System.arraycopy(head, 0, bytes, 0, head.length);

    assertThatThrownBy(() -> OnnxReader.read(bytes))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "up to byte \\d+ of 67108864 the model holds what takes more than \\d+ MiB of memory;"
                + " give Java a larger heap \\(-Xmx\\), or check the file");
  }

  @Test
  void noGraph() {
    assertRefused(
        ModelProto.newBuilder().setIrVersion(8),
        "the model has no graph; it is no ONNX file, or damaged");
  }

  @Test
  void noOpset() {
    assertRefused(
        ModelProto.newBuilder().setGraph(graph(RELU)), "the model imports no opset; add one");
  }

  @Test
  void twoOpsetsOfOneDomain() {
    assertRefused(
        model(21, RELU).addOpsetImport(Protos.opset("ai.onnx", 20)),
        "the model imports versions 21 and 20 of operator domain ''; keep one");
  }

  @Test
  void aStandardOperatorWithoutStandardOpset() {
    assertRefused(
        ModelProto.newBuilder().addOpsetImport(Protos.opset("elsewhere", 1)).setGraph(graph(RELU)),
        "Relu node 'the Relu' is a standard operator, but the model imports no opset of the"
            + " standard domain; add one");
  }

  @Test
  void aNodeWithoutOperator() {
    assertRefused(
        graph(NodeProto.newBuilder().addInput("x").addOutput("y").build()),
        "node 'y' of graph 'g' names no operator; name one or remove it");
  }

  @Test
  void aNodeWithoutOutput() {
    assertRefused(
        model(11, graph(RELU, node("Softmax", "x", ""))),
        "Softmax node 'the Softmax' makes nothing; name its output or remove it");
  }

  @Test
  void aMissingInitializer() {
    assertRefused(
        graph(node("Add", "x w", "y")),
        "Add node 'the Add': reads 'w', which no node, input or initializer makes; add it or fix"
            + " the name");
  }

  @Test
  void aMissingOutput() {
    assertRefused(
        graph(node("Relu", "x", "z")),
        "output 'y' of graph 'g' is made by no node, input or initializer; add it or fix the"
            + " name");
  }

  @Test
  void aCycle() {
    assertRefused(
        graph(node("Add", "x b", "a"), node("Relu", "a", "b"), node("Relu", "b", "y")),
        "Add node 'the Add': depends on its own output 'a' (a cycle); break the loop");
  }

  @Test
  void aCycleBehindALongChain() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
    for (int i = 0; i < 20_000; i++) {
      graph.addNode(node("Relu", i == 0 ? "b" : "v" + (i - 1), "v" + i));
    }
    graph.addNode(node("Abs", "b", "a")).addNode(node("Neg", "a", "b"));

    assertRefused(
        graph, "Abs node 'the Abs': depends on its own output 'a' (a cycle); break the loop");
  }

  @Test
  void aValueMadeTwice() {
    assertRefused(
        graph(RELU, node("Abs", "x", "y")),
        "Abs node 'the Abs': 'y' is made in two places; give each its own name");
  }

  @Test
  void aNodeThatMakesAnInput() {
    assertRefused(
        graph(node("Abs", "x", "x"), RELU),
        "Abs node 'the Abs': 'x' is made in two places; give each its own name");
  }

  @Test
  void twoInputsOfOneName() {
    assertRefused(
        graph(RELU).addInput(value("x", 1)),
        "two inputs of graph 'g' are named 'x'; give each its own name");
  }

  @Test
  void twoInitializersOfOneName() {
    TensorProto w = floats("w", List.of(1L), 1);

    assertRefused(
        graph(RELU).addInitializer(w).addInitializer(w),
        "two initializers of graph 'g' are named 'w'; give each its own name");
  }

  @Test
  void partsWithoutNames() {
    assertRefused(
        graph(RELU).addInput(ValueInfoProto.getDefaultInstance()),
        "graph 'g' has an input without a name; give it one");
    assertRefused(
        graph(RELU).addInitializer(floats("", List.of(1L), 1)),
        "graph 'g' has an initializer without a name; give it one");
  }

  @Test
  void twoAttributesOfOneName() {
    assertRefused(
        graph(node("LeakyRelu", "x", "y", number("alpha", 1), number("alpha", 2))),
        "LeakyRelu node 'the LeakyRelu' has two attributes 'alpha'; keep one");
  }

  @Test
  void anAttributeWithoutValue() {
    assertRefused(
        graph(node("LeakyRelu", "x", "y", AttributeProto.newBuilder().setName("alpha").build())),
        "attribute 'alpha' of LeakyRelu node 'the LeakyRelu' says neither its kind nor a value;"
            + " export the model again");
  }

  @Test
  void anAttributeThatRefersToNoFunction() {
    assertRefused(
        graph(
            node(
                "LeakyRelu",
                "x",
                "y",
                Protos.reference("alpha", AttributeProto.AttributeType.FLOAT, "slope"))),
        "LeakyRelu node 'the LeakyRelu': attribute 'alpha' refers to the attribute 'slope' of a"
            + " function, but is in none; give it a value");
  }

  @Test
  void dimensionsThatOverflow() {
    long half = 1L << 32;

    assertRefused(
        graph(RELU).addInitializer(floats("w", List.of(half, half))),
        "initializer 'w': the dimensions [4294967296, 4294967296] multiply to more than 2^63 - 1"
            + " elements; correct the dimensions or export the model again");
    assertRefused(
        graph(RELU).addInitializer(floats("w", List.of(half, half / 4))),
        "initializer 'w' of type float[4294967296,1073741824] takes more than 2^63 bits; correct"
            + " its dimensions");
  }

  @Test
  void dimensionsBelowZero() {
    assertRefused(
        graph(RELU).addInitializer(floats("w", List.of(-1L))),
        "initializer 'w': a dimension cannot be negative: -1; correct the dimensions or export"
            + " the model again");
  }

  @Test
  void dimensionsWithoutData() {
    assertRefused(
        graph(RELU).addInitializer(floats("w", List.of(1L << 40), 1)),
        "initializer 'w' of type float[1099511627776] takes 4398046511104 bytes, but 4 are there;"
            + " correct its dimensions or its data");
  }

  @Test
  void anElementTypeOfTheFuture() {
    assertRefused(
        graph(RELU).addInitializer(floats("w", List.of(1L), 1).toBuilder().setDataType(99)),
        "initializer 'w' has element type number 99, which is none that is known here; convert it"
            + " to a known one");
  }

  @Test
  void anEntryThatItsTypeCannotHold() {
    assertRefused(
        graph(RELU)
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(TensorProto.DataType.INT8_VALUE)
                    .addDims(2)
                    .addInt32Data(1)
                    .addInt32Data(300)),
        "initializer 'w' has 300 at entry 1, but its type goes from -128 to 127; correct its type"
            + " or its data");
  }

  @Test
  void aTensorInSegments() {
    assertRefused(
        graph(RELU)
            .addInitializer(
                floats("w", List.of(1L), 1).toBuilder()
                    .setSegment(TensorProto.Segment.newBuilder().setEnd(1))),
        "initializer 'w' is cut into segments; write it in one piece");
  }

  @Test
  void aSparseInitializer() {
    assertRefused(
        graph(RELU)
            .addSparseInitializer(
                SparseTensorProto.newBuilder().setValues(floats("w", List.of(1L), 1))),
        "graph 'g' has the sparse initializer 'w'; store it as a dense one");
  }

  @Test
  void anInputThatIsNoTensor() {
    assertRefused(
        graph(RELU)
            .addInput(
                ValueInfoProto.newBuilder()
                    .setName("s")
                    .setType(
                        TypeProto.newBuilder()
                            .setSequenceType(
                                TypeProto.Sequence.newBuilder().setElemType(Protos.type(1, 2))))),
        "graph input 's' of graph 'g' is no tensor but a sequence; cut the graph so that only"
            + " tensors go in and out");
  }

  @Test
  void aDeclarationThatContradicts() {
    assertRefused(
        graph(node("Relu", "x", "t"), node("Abs", "t", "y")).addValueInfo(value("t", 2, 3)),
        "Relu node 'the Relu': makes 't' of type float[2,3,4,5], but the model declares"
            + " float[2,3]; correct the declaration or the inputs");
  }

  @Test
  void aPropertyGivenTwice() {
    StringStringEntryProto entry =
        StringStringEntryProto.newBuilder().setKey("author").setValue("me").build();

    assertRefused(
        model(21, RELU).addMetadataProps(entry).addMetadataProps(entry),
        "the model's property 'author' is given twice; remove one");
  }

  @Test
  void aConstantWithTwoValues() {
    assertRefused(
        graph(node("Constant", "", "y", integer("value_int", 1), number("value_float", 1))),
        "Constant node 'the Constant' has the attributes [value_int, value_float]; it needs"
            + " exactly one value");
  }

  @Test
  void anUnknownOperatorWhereTheyAreNotKept() {
    byte[] bytes = model(21, node("Odd", "x", "y")).build().toByteArray();

    assertThatThrownBy(() -> OnnxReader.read(bytes, OnnxReadOptions.DEFAULT.withKeepUnknown(false)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Odd node 'the Odd': operator Odd has no definition here; register one, or read with"
                + " unknown operators kept");
    assertThat(OnnxReader.read(bytes).nodes()).hasSize(1);
  }
}
