package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Folds the multiplication by a constant factor for each column into the product with a constant
 * matrix before it: {@code MatMul(a, B)·k = MatMul(a, B·k)}, whatever the rank of a.
 */
public final class FoldMulIntoMatMul {
  private static final Capture<Node> PRODUCT = Capture.ofNode("product");
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> K = Capture.ofValue("k");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-mul-into-mat-mul")
          .doc("MatMul(a, B)·k = MatMul(a, B·k) with k one number for each column")
          .match(
              Patterns.op(StandardOps.MUL)
                  .inputs(
                      Patterns.op(StandardOps.MAT_MUL)
                          .capture(PRODUCT)
                          .singleUse()
                          .inputs(Patterns.any(A), Patterns.constant(B)),
                      Patterns.constant(K))
                  .commutative())
          .where(TypeConditions.floating(B))
          .where(TypeConditions.rank(B, 2))
          .where(
              Condition.soundness(
                      "k is one number for each column of b, or one for all",
                      FoldMulIntoMatMul::isForColumns)
                  .withHooks(
                      (graph, match, random) -> {
                        long columns = match.constant(B).shape().size(1);
                        draw(graph, match, Shape.of(random.nextBoolean() ? columns : 1), random);
                        return true;
                      },
                      (graph, match, random) -> {
                        Shape product = match.type(match.get(PRODUCT).output()).shape();
                        long rows =
                            product.isStatic() && product.rank() > 1
                                ? product.size(product.rank() - 2)
                                : 1;
                        draw(graph, match, Shape.of(rows, 1), random);
                        return rows > 1;
                      }))
          .replaceWith(FoldMulIntoMatMul::replace)
          .within(ErrorContract.realIdentity());

  private FoldMulIntoMatMul() {}

  private static boolean isForColumns(Match match) {
    Shape k = match.constant(K).shape();
    return k.rank() == 0
        || (k.rank() == 1 && (k.size(0) == 1 || k.size(0) == match.constant(B).shape().size(1)));
  }

  private static void draw(GraphEdit graph, Match match, Shape shape, SplittableRandom random) {
    double[] values = random.doubles(shape.elementCount(), -2, 2).toArray();
    graph.setConstant(
        match.get(K), Tensor.ofDoubles(match.constant(K).elementType(), shape, values));
  }

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor b = match.constant(B);
    double[] factors = match.constant(K).toDoubles();
    double[] columns = new double[b.shape().intSize(1)];
    Arrays.setAll(columns, i -> factors[factors.length == 1 ? 0 : i]);
    FoldedWeights folded =
        new FoldedWeights(build, AffineStep.factor(columns), b, match.get(B).name());
    build.define(
        match.root().output(),
        StandardOps.MAT_MUL,
        Attributes.NONE,
        match.get(A),
        folded.weights(WeightChannels.ofMatrix(b.shape(), false)));
  }
}
