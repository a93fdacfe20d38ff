package dev.fixpoint.transform.quantize;

import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a QuantStub wherever an integer operator will read a float value, and a DeQuantStub wherever
 * a float operator or the outside reads what an integer operator makes. Stubs are identities; a
 * graph that has them or quantizers already is left as it is.
 *
 * <pre>
 *   y = Conv(x, w)        s = QuantStub(x)   u = Conv(s, w)
 *   z = Softmax(y)    →   y = DeQuantStub(u)
 *                         z = Softmax(y)
 * </pre>
 *
 * @param scheme says what stays in float
 */
public record InsertQuantStubs(QuantScheme scheme) implements Pass {
  private static final String NAME = "insert-quant-stubs";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    if (graph.nodes().stream().anyMatch(InsertQuantStubs::isPlaced)) {
      return graph;
    }
    return insert(graph, QuantDecisions.of(graph, scheme), context);
  }

  /** A graph without stubs, with those that decisions ask for. */
  static Graph insert(Graph graph, QuantDecisions decisions, PassContext context) {
    return context.rewrite(graph, rewriter -> insert(graph, decisions, rewriter));
  }

  private static boolean isPlaced(Node node) {
    return node.calls(QuantOps.QUANT_STUB)
        || node.calls(QuantOps.DEQUANT_STUB)
        || node.calls(QuantOps.FAKE_QUANT)
        || node.calls(QuantOps.QUANTIZE_LINEAR);
  }

  private static void insert(Graph graph, QuantDecisions decisions, Rewriter rewriter) {
    for (Value value : sources(graph)) {
      enter(graph, decisions, rewriter, value);
    }
    for (Node node : graph.nodes()) {
      if (decisions.isInteger(node)) {
        // The indices of a MaxPool are no quantized numbers.
        node.outputs().stream()
            .filter(output -> graph.type(output).elementType().isFloat())
            .forEach(output -> leave(rewriter, output));
      }
    }
  }

  /** Values in the order in which they are made; constants are not among them. */
  private static List<Value> sources(Graph graph) {
    List<Value> values = new ArrayList<>(graph.inputs());
    graph.nodes().forEach(node -> values.addAll(node.outputs()));
    return values;
  }

  private static void enter(Graph graph, QuantDecisions decisions, Rewriter rewriter, Value value) {
    Node producer = graph.producer(value);
    boolean quantized =
        producer != null
            && (producer.calls(QuantOps.FAKE_QUANT) || producer.calls(QuantOps.DEQUANTIZE_LINEAR));
    Set<Value> readers = new LinkedHashSet<>();
    graph.uses(value).stream()
        .filter(decisions::isIntegerUse)
        .forEach(use -> readers.add(use.node().output()));
    if (quantized || readers.isEmpty()) {
      return;
    }
    List<Node> nodes = new ArrayList<>();
    readers.forEach(output -> nodes.add(producerNow(rewriter, output)));
    through(rewriter, value, nodes, QuantOps.QUANT_STUB, "_stub", true);
  }

  private static Node producerNow(Rewriter rewriter, Value output) {
    Node producer = rewriter.graph().producer(output);
    if (producer == null) {
      throw new IllegalStateException("nothing makes '" + output.name() + "' any more");
    }
    return producer;
  }

  private static void leave(Rewriter rewriter, Value output) {
    if (rewriter.graph().isOutput(output)) {
      leaveGraph(rewriter, output);
      return;
    }
    Set<Node> floatReaders = new LinkedHashSet<>();
    for (Use use : rewriter.graph().uses(output)) {
      if (!use.node().calls(QuantOps.QUANT_STUB) && use.index() != Use.CAPTURE) {
        floatReaders.add(use.node());
      }
    }
    if (!floatReaders.isEmpty()) {
      List<Node> nodes = List.copyOf(floatReaders);
      through(rewriter, output, nodes, QuantOps.DEQUANT_STUB, "_float", false);
    }
  }

  /** Lets nodes read a value through a stub. */
  private static void through(
      Rewriter rewriter,
      Value value,
      List<Node> readers,
      OpDefinition stub,
      String suffix,
      boolean dataOnly) {
    rewriter.replace(
        NAME,
        readers,
        build -> {
          Value stubbed = build.call(value.name() + suffix, stub, Attributes.NONE, value);
          for (Node reader : readers) {
            List<@Nullable Value> inputs = new ArrayList<>(reader.inputs());
            for (int i = 0; i < inputs.size(); i++) {
              boolean moved = !dataOnly || QuantRole.dataInputs(reader).contains(i);
              if (inputs.get(i) == value && moved) {
                inputs.set(i, stubbed);
              }
            }
            build.node(reader.op(), reader.attributes(), inputs, reader.outputs());
          }
        },
        ErrorContract.bitExact());
  }

  /** An output of the graph keeps its name: the stub makes it, and the node makes a new value. */
  private static void leaveGraph(Rewriter rewriter, Value output) {
    Node producer = producerNow(rewriter, output);
    List<Node> nodes = new ArrayList<>(List.of(producer));
    for (Use use : rewriter.graph().uses(output)) {
      if (use.node().calls(QuantOps.QUANT_STUB)) {
        nodes.add(use.node());
      }
    }
    rewriter.replace(
        NAME,
        nodes,
        build -> {
          Value made = build.value(output.name() + "_integer");
          List<Value> outputs = new ArrayList<>(producer.outputs());
          outputs.replaceAll(each -> each == output ? made : each);
          build.node(producer.op(), producer.attributes(), producer.inputs(), outputs);
          for (Node stub : nodes.subList(1, nodes.size())) {
            build.define(stub.output(), stub.op(), stub.attributes(), made);
          }
          build.define(output, QuantOps.DEQUANT_STUB, Attributes.NONE, made);
        },
        ErrorContract.bitExact());
  }
}
