package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.Arrays;

/**
 * Writes an inference-time BatchNormalization that could not be folded into its neighbours as scale
 * and shift: {@code y = x·k + (β - μ·k)} with {@code k = γ / √(σ² + ε)}, both of shape [C, 1, …] so
 * that they broadcast along axis 1.
 *
 * <pre>
 *   y = BatchNormalization(x, γ, β, μ, σ²)   →   t = Mul(x, k)
 *                                                y = Add(t, s)
 * </pre>
 */
public final class ExpandBatchNorm {
  private static final Capture<Value> X = Capture.ofValue("x");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("expand-batch-norm")
          .doc("BatchNormalization(x) = x·k + s with k = scale/sqrt(variance + epsilon)")
          .match(batchNormOf(Patterns.any(X)))
          .where(TypeConditions.rankAtLeast(X, 2))
          .where(BatchNormConditions.inference())
          .where(BatchNormConditions.wellDefined())
          .replaceWith(ExpandBatchNorm::replace)
          .within(ErrorContract.realIdentity());

  private ExpandBatchNorm() {}

  private static void replace(Match match, ReplacementBuilder build) {
    AffineStep step = BatchNormConditions.step(match);
    ElementType type = match.type(match.get(X)).elementType();
    long[] sizes = new long[match.type(match.get(X)).shape().rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = step.channels();
    double[] gains = new double[step.channels()];
    double[] gainMagnitudes = new double[gains.length];
    double[] shifts = new double[gains.length];
    double[] shiftMagnitudes = new double[gains.length];
    for (int c = 0; c < gains.length; c++) {
      gains[c] = step.gain(c);
      gainMagnitudes[c] = Math.abs(gains[c]);
      shifts[c] = step.shift(c);
      shiftMagnitudes[c] = step.magnitude(c, 0);
    }
    String wish = match.get(BatchNormConditions.SCALE).name();
    Shape shape = Shape.of(sizes);
    Value scale =
        build.computed(wish, type, shape, gains, AffineStep.WEIGHT_ROUNDINGS, gainMagnitudes);
    Value shift =
        build.computed(
            wish + "_shift", type, shape, shifts, AffineStep.BIAS_ROUNDINGS, shiftMagnitudes);
    Value scaled =
        build.call(
            match.root().output().name() + "_scaled",
            StandardOps.MUL,
            Attributes.NONE,
            match.get(X),
            scale);
    build.define(match.get(NORM).output(), StandardOps.ADD, Attributes.NONE, scaled, shift);
  }
}
