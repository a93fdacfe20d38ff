package dev.fixpoint.op.standard;

import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * FusedConvTranspose of this project: {@code act(ConvTranspose(X, W, B))}, rounded once, with the
 * attributes of {@link ConvTranspose} and those of {@link Activation}.
 */
public final class FusedConvTranspose extends SumsOfProducts {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FusedConvTranspose"))
          .versions(1)
          .input("X", Types.FLOATS)
          .input("W", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.DILATIONS,
              ConvTranspose.GROUP,
              WindowGeometry.KERNEL_SHAPE,
              ConvTranspose.OUTPUT_PADDING,
              ConvTranspose.OUTPUT_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("The transpose of a convolution, then an activation.");

  FusedConvTranspose() {
    super(SCHEMA, LinearOperator.activated(new TransposedPart()));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return TransposedPart.multiplyAccumulates(call);
  }

  @Override
  public Expansion expansion(OpCall call) {
    return FusedExpansion.of(call, OpId.of("ConvTranspose"), 3, Integer.MAX_VALUE);
  }
}
