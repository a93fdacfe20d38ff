package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds products whose rows are quantized one by one as files spell them out, and makes one
 * DynamicQMatMul of each. Only the very steps of the operator's own expansion are taken for one, so
 * that bits stay the same. An activation stays a node of its own.
 */
public record RecognizeRowwiseProducts() implements Pass {
  private static final String NAME = "recognize-rowwise-products";
  private static final OpDefinition OP = QuantOps.DYNAMIC_Q_MAT_MUL;
  private static final int B_ZERO = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(graph, RecognizeRowwiseProducts::recognize);
  }

  private static void recognize(Rewriter rewriter) {
    for (Node node : rewriter.nodes()) {
      if (node.calls(QuantOps.MAT_MUL_INTEGER)) {
        recognize(rewriter, node);
      }
    }
  }

  private static void recognize(Rewriter rewriter, Node product) {
    GraphView graph = rewriter.graph();
    Node difference = onlyReader(graph, product, StandardOps.SUB);
    Node real = difference == null ? null : onlyReader(graph, difference, StandardOps.CAST);
    Node scaled = real == null ? null : onlyReader(graph, real, StandardOps.MUL);
    Node steps = scaled == null ? null : graph.producer(scaled.input(1));
    if (scaled == null || steps == null || !steps.calls(StandardOps.MUL)) {
      return;
    }
    List<@Nullable Value> right =
        Arrays.asList(product.input(1), steps.input(1), product.inputOrNull(B_ZERO));
    WrittenOut written = written(graph, right, scaled);
    if (written == null) {
      return;
    }
    Node adding = onlyReader(graph, scaled, StandardOps.ADD);
    boolean biased = adding != null && isBias(graph, scaled, adding, product.input(1));
    Node last = biased && adding != null ? adding : scaled;
    List<@Nullable Value> inputs = new ArrayList<>();
    inputs.add(written.left());
    inputs.addAll(right);
    inputs.add(biased && adding != null ? adding.input(1) : null);
    List<Node> nodes = new ArrayList<>();
    nodes.add(last);
    written.nodes().stream().filter(node -> !node.equals(last)).forEach(nodes::add);
    rewriter.replace(
        NAME,
        nodes,
        build -> build.node(OP, Attributes.NONE, inputs, last.outputs()),
        ErrorContract.bitExact());
  }

  /** What of the graph is the expansion of a product with this right side; null if nothing is. */
  private static @Nullable WrittenOut written(
      GraphView graph, List<@Nullable Value> right, Node last) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = new ArrayList<>();
    types.add(graph.type(last.output()));
    constants.add(null);
    for (Value value : right) {
      types.add(value == null ? null : graph.type(value));
      constants.add(value == null ? null : graph.constant(value));
    }
    Tensor matrix = constants.get(1);
    if (matrix == null || matrix.shape().rank() != 2) {
      return null;
    }
    List<@Nullable ShapeValue> shapes = Collections.nCopies(types.size(), null);
    Expansion expansion = OP.expansion(OpCall.of(Attributes.NONE, types, constants, shapes, 1));
    return expansion == null ? null : WrittenOut.find(graph, expansion, right, last.output());
  }

  /** Whether an addition adds a vector with an entry for each column, or one for all. */
  private static boolean isBias(GraphView graph, Node scaled, Node adding, Value matrix) {
    Value bias = adding.input(1);
    if (!adding.input(0).equals(scaled.output()) || graph.constant(bias) == null) {
      return false;
    }
    Shape shape = graph.type(bias).shape();
    return shape.rank() == 1 && shape.size(0) == graph.type(matrix).shape().size(1);
  }

  private static @Nullable Node onlyReader(GraphView graph, Node node, OpDefinition op) {
    List<Use> uses = graph.uses(node.output());
    boolean alone = uses.size() == 1 && !graph.isOutput(node.output());
    return alone && uses.getFirst().node().calls(op) ? uses.getFirst().node() : null;
  }
}
