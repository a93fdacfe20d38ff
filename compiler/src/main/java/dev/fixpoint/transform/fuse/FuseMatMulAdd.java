package dev.fixpoint.transform.fuse;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.Shape;

/**
 * Fuses the addition of a constant vector into the matrix product with constant weights before it:
 * {@code MatMul(a, B) + c} with {@code c} of one entry a column is one operator, which rounds once.
 *
 * <p>{@link #QUANTIZED} does so where weights, and the vector, too, are constants behind
 * dequantizers, so that the vector becomes the bias of an integer product.
 *
 * <pre>
 *   p = MatMul(a, DequantizeLinear(q, s))
 *   y = Add(p, DequantizeLinear(b, t))    →    y = FusedMatMul(a, …, …)
 * </pre>
 */
public final class FuseMatMulAdd {
  private static final Capture<Node> PRODUCT = Capture.ofNode("product");
  private static final Capture<Node> SUM = Capture.ofNode("sum");
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> C = Capture.ofValue("c");
  private static final Capture<Value> B_SCALE = Capture.ofValue("b_scale");
  private static final Capture<Value> C_SCALE = Capture.ofValue("c_scale");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fuse-mat-mul-add")
          .doc("MatMul(a, b) + c = FusedMatMul(a, b, c)")
          .match(sum(Patterns.constant(B), Patterns.constant(C)))
          .where(TypeConditions.floating(B))
          .where(isVector())
          .replaceWith(FuseMatMulAdd::replace)
          .within(ErrorContract.realIdentity());

  /** The rule for quantized weights. */
  public static final RewriteRule QUANTIZED =
      RewriteRule.named("fuse-quantized-mat-mul-add")
          .doc("MatMul(a, dq(b)) + c = FusedMatMul(a, dq(b), c)")
          .match(
              sum(
                  quantized("b", B_SCALE),
                  Patterns.oneOf(Patterns.constant(C), quantized("c", C_SCALE))))
          .where(Conditions.positive(B_SCALE))
          .where(Conditions.positive(C_SCALE))
          .where(isVector())
          .replaceWith(FuseMatMulAdd::replace)
          .within(ErrorContract.realIdentity());

  private FuseMatMulAdd() {}

  private static OpPattern sum(Pattern matrix, Pattern vector) {
    return Patterns.op(StandardOps.ADD)
        .capture(SUM)
        .inputs(
            Patterns.op(StandardOps.MAT_MUL)
                .capture(PRODUCT)
                .singleUse()
                .inputs(Patterns.any(A), matrix),
            vector)
        .commutative();
  }

  /** A constant behind a quantizer with constant parameters. */
  private static OpPattern quantized(String name, Capture<Value> scale) {
    return Patterns.op(QuantOps.DEQUANTIZE_LINEAR, QuantOps.FAKE_QUANT)
        .inputs(
            Patterns.constant(Capture.ofValue(name + "_integers")),
            Patterns.constant(scale),
            Patterns.optionalConstant(Capture.ofValue(name + "_zero_point")));
  }

  private static Condition isVector() {
    return Condition.soundness(
        "c has one entry for each column of the matrix b",
        match -> {
          Shape b = match.type(matrix(match)).shape();
          Shape c = match.type(vector(match)).shape();
          return b.isStatic()
              && c.isStatic()
              && b.rank() == 2
              && c.rank() == 1
              && c.size(0) == b.size(1);
        });
  }

  private static Value matrix(Match match) {
    return match.get(PRODUCT).input(1);
  }

  private static Value vector(Match match) {
    Node sum = match.get(SUM);
    return sum.input(0) == match.get(PRODUCT).output() ? sum.input(1) : sum.input(0);
  }

  private static void replace(Match match, ReplacementBuilder build) {
    build.define(
        match.root().output(),
        StandardOps.FUSED_MAT_MUL,
        Attributes.NONE,
        match.get(A),
        matrix(match),
        vector(match));
  }
}
