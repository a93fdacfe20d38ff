package dev.fixpoint.op.standard;

import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * FusedMatMul of this project: {@code act(MatMul(A, B) + C)}, rounded once, with the attributes of
 * {@link Activation}. C broadcasts to the product.
 */
public final class FusedMatMul extends SumsOfProducts {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FusedMatMul"))
          .versions(1)
          .input("A", Types.FLOATS)
          .input("B", Types.FLOATS)
          .optionalInput("C", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(Activation.KIND, Activation.PARAMETERS)
          .doc("Product of stacks of matrices, then an addend, then an activation.");

  FusedMatMul() {
    super(SCHEMA, LinearOperator.activated(new MatMulPart()));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return MatMulPart.multiplyAccumulates(call);
  }

  @Override
  public Expansion expansion(OpCall call) {
    return FusedExpansion.of(call, OpId.of("MatMul"), 2, 2);
  }
}
