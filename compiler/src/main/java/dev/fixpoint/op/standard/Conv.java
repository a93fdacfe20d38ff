package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * Conv of ONNX (opset 22): the convolution of {@code X [N,C,…]} with {@code W [M,C/group,…]} over
 * one to three spatial dimensions, plus {@code B [M]}. Padding is zero.
 */
public final class Conv extends SumsOfProducts {
  /** Number of groups into which channels are divided. */
  public static final Attribute<Long> GROUP = ConvolutionPart.GROUP;

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Conv")
          .versions(1, 11, 22)
          .input("X", Types.FLOATS)
          .input("W", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.DILATIONS,
              GROUP,
              WindowGeometry.KERNEL_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Convolution over spatial dimensions, plus a bias for each output channel.");

  Conv() {
    super(SCHEMA, LinearOperator.plain(new ConvolutionPart()));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return ConvolutionPart.multiplyAccumulates(call);
  }
}
