package dev.fixpoint.op.standard;

import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * FusedGemm of this project: {@code act(alpha · A' · B' + beta · C)}, rounded once, with the
 * attributes of {@link Gemm} and those of {@link Activation}.
 */
public final class FusedGemm extends SumsOfProducts {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FusedGemm"))
          .versions(1)
          .input("A", Types.FLOATS)
          .input("B", Types.FLOATS)
          .optionalInput("C", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              Gemm.ALPHA,
              Gemm.BETA,
              Gemm.TRANS_A,
              Gemm.TRANS_B,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("Matrix product with factors and an addend, then an activation.");

  FusedGemm() {
    super(SCHEMA, LinearOperator.activated(new GemmPart()));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return GemmPart.multiplyAccumulates(call);
  }

  @Override
  public Expansion expansion(OpCall call) {
    return FusedExpansion.of(call, OpId.of("Gemm"), 3, 3);
  }
}
