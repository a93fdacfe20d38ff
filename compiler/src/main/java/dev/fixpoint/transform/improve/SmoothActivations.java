package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RefusedRewrite;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SmoothQuant (G. Xiao et al., "SmoothQuant: Accurate and Efficient Post-Training Quantization for
 * Large Language Models", arXiv:2211.10438): part of the range of activation channels moves into
 * the weights that read them. With {@code s_j = max|X_j|^α / max|W_j|^(1-α)}, the normalization
 * before the layers makes {@code X/s} and the layers hold {@code s·W}.
 *
 * <pre>
 *   h = LayerNormalization(x, g, b)        h' = LayerNormalization(x, g / s, b / s)
 *   q = MatMul(h, wq) …               →    q  = MatMul(h', s · wq) …
 * </pre>
 *
 * @param reference graph and calibration data
 * @param alpha how much of the range moves: 0 nothing of the activations', 1 all of it
 */
public record SmoothActivations(Reference reference, double alpha) implements Pass {
  private static final String NAME = "smooth";

  /** Smallest range that counts; a channel below it is left as it is. */
  private static final double NEGLIGIBLE = 1e-5;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    Set<Value> values = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (node.calls(StandardOps.LAYER_NORMALIZATION) && isSmoothable(graph, node)) {
        values.add(node.output());
      }
    }
    if (values.isEmpty()) {
      return graph;
    }
    Map<Value, double[]> magnitudes =
        ChannelMagnitudes.of(graph, values, context.evaluator(), reference.batches());
    return context.rewrite(
        graph,
        rewriter ->
            values.forEach(
                value ->
                    smooth(
                        rewriter, context, value, magnitudes.getOrDefault(value, new double[0]))));
  }

  /** Whether layers alone read a normalization, each over the last axis. */
  private static boolean isSmoothable(GraphView graph, Node norm) {
    Tensor scale = graph.constant(norm.input(1));
    Value shift = norm.inputOrNull(2);
    boolean constant =
        scale != null
            && scale.shape().rank() == 1
            && (shift == null || graph.constant(shift) != null)
            && norm.outputs().size() == 1
            && !graph.isOutput(norm.output())
            && graph.useCount(norm.output()) > 0;
    return constant && graph.uses(norm.output()).stream().allMatch(use -> isLayer(graph, use));
  }

  /** Whether a use is the left side of a product with constant weights. */
  static boolean isLayer(GraphView graph, Use use) {
    return use.index() == 0
        && WeightedOperator.isWeighted(use.node())
        && !WeightedOperator.isConvolution(use.node())
        && !(WeightedOperator.isGemm(use.node())
            && use.node().attributes().isSet(WeightedOperator.TRANS_A))
        && WeightMatrix.of(graph, use.node()).isPresent();
  }

  private void smooth(Rewriter rewriter, PassContext context, Value value, double[] magnitudes) {
    GraphView graph = rewriter.graph();
    Node norm = graph.producer(value);
    if (norm == null) {
      throw new IllegalStateException("nothing makes '" + value.name() + "' any more");
    }
    List<Node> layers = graph.uses(value).stream().map(Use::node).distinct().toList();
    double[] scales = scales(graph, layers, magnitudes);
    if (Arrays.stream(scales).allMatch(scale -> scale == 1)) {
      return;
    }
    List<Node> nodes = new ArrayList<>(layers);
    nodes.add(norm);
    try {
      rewriter.replace(
          NAME,
          nodes,
          build -> replace(build, graph, norm, layers, scales),
          ErrorContract.realIdentity());
    } catch (RefusedRewrite refusal) {
      context.refuse(NAME, norm, String.valueOf(refusal.getMessage()));
    }
  }

  private double[] scales(GraphView graph, List<Node> layers, double[] magnitudes) {
    double[] weights = new double[magnitudes.length];
    for (Node layer : layers) {
      Tensor tensor = graph.constant(layer.input(WeightedOperator.WEIGHTS));
      WeightMatrix matrix = WeightMatrix.of(graph, layer).orElseThrow();
      double[] values = tensor == null ? new double[0] : tensor.toDoubles();
      for (int row = 0; row < matrix.rows(); row++) {
        for (int k = 0; k < matrix.columns(); k++) {
          weights[k] = Math.max(weights[k], Math.abs(values[matrix.position(row, k)]));
        }
      }
    }
    double[] scales = new double[magnitudes.length];
    for (int j = 0; j < scales.length; j++) {
      boolean counts = magnitudes[j] > NEGLIGIBLE && weights[j] > NEGLIGIBLE;
      scales[j] = counts ? Math.pow(magnitudes[j], alpha) / Math.pow(weights[j], 1 - alpha) : 1;
    }
    return scales;
  }

  private static void replace(
      ReplacementBuilder build, GraphView graph, Node norm, List<Node> layers, double[] scales) {
    double[] inverse = Arrays.stream(scales).map(scale -> 1 / scale).toArray();
    Value smooth = build.value(norm.output().name() + "_smooth");
    List<@Nullable Value> inputs = new ArrayList<>(norm.inputs());
    for (int i = 1; i < inputs.size(); i++) {
      Value constant = inputs.get(i);
      if (constant != null) {
        inputs.set(i, ScaledPair.product(build, graph, constant, inverse));
      }
    }
    build.node(norm.op(), norm.attributes(), inputs, List.of(smooth));
    for (Node layer : layers) {
      WeightMatrix matrix = WeightMatrix.of(graph, layer).orElseThrow();
      List<@Nullable Value> others = new ArrayList<>(layer.inputs());
      others.set(0, smooth);
      others.set(
          WeightedOperator.WEIGHTS,
          ScaledPair.product(
              build,
              graph,
              layer.input(WeightedOperator.WEIGHTS),
              ScaledPair.columnFactors(matrix, scales)));
      build.node(layer.op(), layer.attributes(), others, layer.outputs());
    }
  }
}
