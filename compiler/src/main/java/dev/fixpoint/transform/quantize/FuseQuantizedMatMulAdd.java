package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Shape;

/**
 * Puts the addition of a vector back into the matrix product before it, as it was before both were
 * written between quantizers: weights and vector may be constants behind dequantizers, so that the
 * vector becomes the bias of an integer product.
 *
 * <pre>
 *   p = MatMul(a, DequantizeLinear(q, s))
 *   y = Add(p, DequantizeLinear(b, t))    →    y = FusedMatMul(a, …, …)
 * </pre>
 */
public final class FuseQuantizedMatMulAdd {
  private static final Capture<Node> PRODUCT = Capture.ofNode("product");
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> C = Capture.ofValue("c");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fuse-quantized-mat-mul-add")
          .doc("MatMul(a, dq(b)) + c = FusedMatMul(a, dq(b), c)")
          .match(
              Patterns.op(StandardOps.ADD)
                  .inputs(
                      Patterns.op(StandardOps.MAT_MUL)
                          .capture(PRODUCT)
                          .singleUse()
                          .inputs(Patterns.any(A), Patterns.any(B)),
                      Patterns.any(C))
                  .commutative())
          .where(
              Condition.soundness(
                  "b is a quantized constant matrix, and c a vector with an entry for each column",
                  FuseQuantizedMatMulAdd::fits))
          .replaceWith(
              (match, build) ->
                  build.define(
                      match.root().output(),
                      StandardOps.FUSED_MAT_MUL,
                      Attributes.NONE,
                      match.get(A),
                      match.get(B),
                      match.get(C)))
          .within(ErrorContract.realIdentity());

  private FuseQuantizedMatMulAdd() {}

  private static boolean fits(Match match) {
    GraphView graph = match.graph();
    Value c = match.get(C);
    boolean known = graph.constant(c) != null || QdqView.isQuantizedConstant(graph, c);
    if (!known || !QdqView.isQuantizedConstant(graph, match.get(B))) {
      return false;
    }
    Shape matrix = graph.type(match.get(B)).shape();
    Shape vector = graph.type(c).shape();
    return matrix.isStatic()
        && vector.isStatic()
        && matrix.rank() == 2
        && vector.rank() == 1
        && vector.size(0) == matrix.size(1);
  }
}
