package dev.fixpoint.transform.fuse;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Writes the mean over all spatial dimensions as the pooling that it is: {@code ReduceMean(x, [2,
 * 3])} with kept dimensions is {@code GlobalAveragePool(x)}.
 */
public final class ReduceMeanToGlobalAveragePool {
  private static final Attribute<Long> KEEP_DIMS = Attribute.ofInt("keepdims", 1);
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> AXES = Capture.ofValue("axes");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("reduce-mean-to-global-average-pool")
          .doc("ReduceMean(x, axes 2 and up, kept) = GlobalAveragePool(x)")
          .match(
              Patterns.op(OpId.of("ReduceMean")).inputs(Patterns.any(X), Patterns.constant(AXES)))
          .where(TypeConditions.floating(X))
          .where(
              Condition.soundness("dimensions are kept", match -> match.root().get(KEEP_DIMS) != 0))
          .where(
              Condition.soundness(
                      "axes are all spatial dimensions",
                      ReduceMeanToGlobalAveragePool::axesAreSpatial)
                  .withHooks(
                      (graph, match, _) -> {
                        int rank = match.type(match.get(X)).shape().rank();
                        graph.setConstant(match.get(AXES), axes(2, rank));
                        return rank > 2;
                      },
                      (graph, match, random) -> {
                        int rank = match.type(match.get(X)).shape().rank();
                        graph.setConstant(match.get(AXES), axes(random.nextInt(2), rank));
                        return rank > 1;
                      }))
          .replaceWith(
              (match, build) ->
                  build.define(
                      match.root().output(),
                      StandardOps.GLOBAL_AVERAGE_POOL,
                      Attributes.NONE,
                      match.get(X)))
          .within(ErrorContract.realIdentity());

  private ReduceMeanToGlobalAveragePool() {}

  private static Tensor axes(int from, int rank) {
    return Tensor.vector(LongStream.range(from, rank).toArray());
  }

  private static boolean axesAreSpatial(Match match) {
    Shape shape = match.type(match.get(X)).shape();
    if (!shape.isRanked() || shape.rank() < 3) {
      return false;
    }
    int rank = shape.rank();
    long[] axes =
        Arrays.stream(match.constant(AXES).toLongs())
            .map(axis -> axis < 0 ? axis + rank : axis)
            .sorted()
            .toArray();
    boolean all = axes.length == rank - 2;
    for (int i = 0; i < axes.length; i++) {
      all &= axes[i] == i + 2;
    }
    return all;
  }
}
