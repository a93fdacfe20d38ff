package dev.fixpoint.transform.weights;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Replacement;
import dev.fixpoint.rewrite.RewriteSite;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contract of a layer that goes on with other constant weights: both are known, so that each
 * weight counts with the distance that it really moved, {@code |W - W'|}, and not with half a step.
 */
public final class WeightDistance {
  private WeightDistance() {}

  /**
   * The contract.
   *
   * @param node the layer before
   * @param weights its weights before
   * @param reals what the weights mean afterwards, each a float32 number
   */
  public static ErrorContract of(Node node, Tensor weights, double[] reals) {
    return ErrorContract.custom(
        "quantization",
        site ->
            ErrorContract.quantization()
                .bound(withWeights(site, node, weights.toDoubles(), reals)));
  }

  /** The site as if the layer read the new weights as a float32 constant. */
  private static RewriteSite withWeights(
      RewriteSite site, Node node, double[] before, double[] after) {
    Value constant = new Value("weights");
    double[] distances = new double[before.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.nextUp(Math.abs(before[i] - after[i]));
    }
    List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
    inputs.set(WeightedOperator.WEIGHTS, constant);
    Tensor stored =
        Tensor.ofDoubles(
            ElementType.FLOAT,
            site.graph().type(node.input(WeightedOperator.WEIGHTS)).shape(),
            after);
    Replacement replacement =
        new Replacement(
            List.of(node.withInputs(inputs)),
            Map.of(constant, stored),
            Map.of(constant, ErrorBound.perElement(distances)),
            Map.of());
    return new RewriteSite(site.graph(), site.nodes(), replacement, site.output(), site.ranges());
  }
}
