package dev.fixpoint.op.standard;

import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * FusedConv of this project: {@code act(Conv(X, W, B) + Z)}, rounded once, with the attributes of
 * {@link Conv} and those of {@link Activation}. Z has the shape of the result.
 */
public final class FusedConv extends SumsOfProducts {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FusedConv"))
          .versions(1)
          .input("X", Types.FLOATS)
          .input("W", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .optionalInput("Z", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.DILATIONS,
              Conv.GROUP,
              WindowGeometry.KERNEL_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("Convolution, then a residual added, then an activation.");

  FusedConv() {
    super(SCHEMA, LinearOperator.withResidual(new ConvolutionPart(), 3));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return ConvolutionPart.multiplyAccumulates(call);
  }

  @Override
  public Expansion expansion(OpCall call) {
    return FusedExpansion.of(call, OpId.of("Conv"), 3, 3);
  }
}
