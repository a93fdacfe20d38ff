package dev.fixpoint.transform.fuse;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.Shape;

/**
 * Fuses the addition of a constant vector into the matrix product with constant weights before it:
 * {@code MatMul(a, B) + c} with {@code c} of one entry a column is one operator, which rounds once.
 */
public final class FuseMatMulAdd {
  private static final Capture<Node> PRODUCT = Capture.ofNode("product");
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> C = Capture.ofValue("c");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fuse-mat-mul-add")
          .doc("MatMul(a, b) + c = FusedMatMul(a, b, c)")
          .match(
              Patterns.op(StandardOps.ADD)
                  .inputs(
                      Patterns.op(StandardOps.MAT_MUL)
                          .capture(PRODUCT)
                          .singleUse()
                          .inputs(Patterns.any(A), Patterns.constant(B)),
                      Patterns.constant(C))
                  .commutative())
          .where(TypeConditions.floating(B))
          .where(
              Condition.soundness(
                  "c has one entry for each column of the matrix b",
                  match -> {
                    Shape b = match.constant(B).shape();
                    Shape c = match.constant(C).shape();
                    return b.rank() == 2 && c.rank() == 1 && c.size(0) == b.size(1);
                  }))
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

  private FuseMatMulAdd() {}
}
