package dev.fixpoint.transform.weights;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Cast;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.Exclusions;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the constant weights of layers in fewer bits; activations stay in float.
 *
 * <pre>
 *   y = Conv(x, w, b)    →    y = Conv(x, DequantizeLinear(qw, s, z), b)
 *                        or   y = Conv(x, Cast(hw), b)          for float16 and bfloat16
 * </pre>
 *
 * <p>HQQ and GPTQ are compared with plain rounding by the layer's output error on the calibration
 * data; where they would be worse, plain rounding stands and the figures are noted as a refusal.
 *
 * @param format type and blocks
 * @param rounding how weights are rounded
 * @param batches calibration data, tensor by input name; not looked at for plain rounding
 * @param excluded which layers stay as they are
 */
public record QuantizeWeights(
    WeightFormat format,
    WeightRounding rounding,
    Iterable<? extends Map<String, Tensor>> batches,
    Exclusions excluded)
    implements Pass {
  private static final String NAME = "quantize-weights";

  /** Plain rounding of all layers. */
  public static QuantizeWeights plain(WeightFormat format) {
    return new QuantizeWeights(format, WeightRounding.PLAIN, List.of(), Exclusions.NONE);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    Map<Node, WeightMatrix> layers = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (isFloat(graph, node) && excluded.reason(node).isEmpty()) {
        WeightMatrix.of(graph, node).ifPresent(matrix -> layers.put(node, matrix));
      }
    }
    Map<Node, StoredWeights> stored = new LinkedHashMap<>();
    if (!format.isScaleless()) {
      layers.forEach((node, matrix) -> stored.put(node, plain(graph, node, matrix)));
    }
    if (rounding != WeightRounding.PLAIN && !format.isScaleless()) {
      improve(graph, context, layers, stored);
    }
    return context.rewrite(
        graph, rewriter -> layers.keySet().forEach(node -> store(rewriter, node, stored)));
  }

  private static boolean isFloat(Graph graph, Node node) {
    if (!WeightedOperator.isWeighted(node)) {
      return false;
    }
    Tensor weights = graph.constant(node.input(WeightedOperator.WEIGHTS));
    return weights != null && weights.elementType() == ElementType.FLOAT;
  }

  private static Tensor weights(Graph graph, Node node) {
    Tensor weights = graph.constant(node.input(WeightedOperator.WEIGHTS));
    if (weights == null) {
      throw new IllegalArgumentException(node.describe() + " has no constant weights");
    }
    return weights;
  }

  private StoredWeights plain(Graph graph, Node node, WeightMatrix matrix) {
    return PlainRounding.round(format, matrix, weights(graph, node).toDoubles());
  }

  private void improve(
      Graph graph,
      PassContext context,
      Map<Node, WeightMatrix> layers,
      Map<Node, StoredWeights> stored) {
    Map<Node, WeightMatrix> measurable = new LinkedHashMap<>();
    layers.forEach(
        (node, matrix) -> {
          if (matrix.columns() <= LayerMoments.MOST_COLUMNS) {
            measurable.put(node, matrix);
          } else {
            context.refuse(
                NAME, node, "it sums over " + matrix.columns() + " inputs: rounded plainly");
          }
        });
    new CalibratedLayers(graph, context.evaluator(), batches)
        .forEach(
            measurable,
            (node, moments) ->
                stored.computeIfPresent(
                    node,
                    (_, plain) ->
                        better(context, node, weights(graph, node).toDoubles(), plain, moments)));
  }

  private StoredWeights better(
      PassContext context, Node node, double[] weights, StoredWeights plain, LayerMoments moments) {
    WeightMatrix matrix = plain.blocks().matrix();
    Optional<StoredWeights> found =
        rounding == WeightRounding.HQQ
            ? Optional.of(HalfQuadratic.round(format, matrix, weights))
            : Gptq.round(format, matrix, weights, moments);
    if (found.isEmpty()) {
      context.refuse(NAME, node, "its inputs have no definite moments: rounded plainly");
      return plain;
    }
    double before = moments.meanSquaredError(weights, plain.reals());
    double after = moments.meanSquaredError(weights, found.get().reals());
    if (after <= before) {
      return found.get();
    }
    context.refuse(
        NAME,
        node,
        String.format(
            Locale.ROOT,
            "%s would make its mean squared output error %.3g, plain rounding %.3g",
            rounding.text(),
            after,
            before));
    return plain;
  }

  private void store(Rewriter rewriter, Node node, Map<Node, StoredWeights> stored) {
    Tensor weights = rewriter.graph().constant(node.input(WeightedOperator.WEIGHTS));
    if (weights == null) {
      return;
    }
    StoredWeights found = stored.get(node);
    Tensor narrow =
        found == null
            ? Tensor.ofDoublesSaturating(format.type(), weights.shape(), weights.toDoubles())
            : found.codeTensor();
    double[] reals = found == null ? narrow.toDoubles() : found.reals();
    rewriter.replace(
        NAME,
        List.of(node),
        build -> {
          List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
          String name = node.input(WeightedOperator.WEIGHTS).name();
          Value integers = build.constant(name + "_quantized", narrow);
          inputs.set(
              WeightedOperator.WEIGHTS,
              found == null ? widened(build, integers) : dequantized(build, integers, found));
          build.node(node.op(), node.attributes(), inputs, node.outputs());
        },
        WeightDistance.of(node, weights, reals));
  }

  private static Value widened(ReplacementBuilder build, Value narrow) {
    return build.call(
        narrow.name() + "_widened",
        StandardOps.CAST,
        Attributes.NONE.with(Cast.TO, (long) ElementType.FLOAT.code()),
        narrow);
  }

  private static Value dequantized(ReplacementBuilder build, Value integers, StoredWeights stored) {
    Tensor zeros = stored.zeroTensor();
    return build.call(
        integers.name() + "_dequantized",
        QuantOps.DEQUANTIZE_LINEAR,
        stored.blocks().attributes(),
        integers,
        build.constant(integers.name() + "_scale", stored.scaleTensor()),
        zeros == null ? null : build.constant(integers.name() + "_zero_point", zeros));
  }
}
