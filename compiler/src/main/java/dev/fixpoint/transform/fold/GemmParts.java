package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.Gemm;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;
import java.util.SplittableRandom;

/** What the rules that fold into a Gemm, {@code α·A·B + β·C}, share. */
final class GemmParts {
  static final Capture<Node> GEMM = Capture.ofNode("gemm");
  static final Capture<Value> B = Capture.ofValue("b");
  static final Capture<Value> C = Capture.ofValue("c");

  private GemmParts() {}

  /** A Gemm with constant B and C. */
  static OpPattern gemm(Pattern a) {
    return Patterns.op(StandardOps.GEMM)
        .capture(GEMM)
        .inputs(a, Patterns.constant(B), Patterns.optionalConstant(C));
  }

  static boolean isTransposed(Match match) {
    return match.get(GEMM).get(Gemm.TRANS_B) != 0;
  }

  /** Number of columns of the result. */
  static int columns(Match match) {
    return match.constant(B).shape().intSize(isTransposed(match) ? 0 : 1);
  }

  /** The bias is the same in every row, so that it can be one number for each column. */
  static Condition sameInEveryRow() {
    return Condition.soundness("c does not differ between rows", GemmParts::isRowVector)
        .withHooks(
            (graph, match, random) -> {
              if (match.find(C).isPresent()) {
                Shape shape = Shape.of(random.nextBoolean() ? columns(match) : 1);
                graph.setConstant(match.get(C), drawn(match.constant(C), shape, random));
              }
              return true;
            },
            (graph, match, random) -> {
              Shape result = match.type(match.get(GEMM).output()).shape();
              if (match.find(C).isEmpty() || !result.isStatic() || result.size(0) < 2) {
                return false;
              }
              Shape shape = random.nextBoolean() ? result : Shape.of(result.size(0), 1);
              graph.setConstant(match.get(C), drawn(match.constant(C), shape, random));
              return true;
            });
  }

  private static Tensor drawn(Tensor like, Shape shape, SplittableRandom random) {
    double[] values = random.doubles(shape.elementCount(), -2, 2).toArray();
    return Tensor.ofDoubles(like.elementType(), shape, values);
  }

  private static boolean isRowVector(Match match) {
    Optional<Tensor> c = match.findConstant(C);
    return c.isEmpty() || c.get().shape().rank() < 2 || c.get().shape().size(0) == 1;
  }

  /** The bias {@code β·C} of a row: one number for each column, or one for all. */
  static double[] bias(Match match) {
    double[] bias = BatchNormConditions.orZero(match.findConstant(C));
    double beta = match.get(GEMM).get(Gemm.BETA);
    for (int i = 0; i < bias.length; i++) {
      bias[i] *= beta;
    }
    return bias;
  }

  /** The attributes with β = 1, for a bias that holds β. */
  static Attributes withoutBeta(Match match) {
    return match.get(GEMM).attributes().without(Gemm.BETA.name());
  }
}
