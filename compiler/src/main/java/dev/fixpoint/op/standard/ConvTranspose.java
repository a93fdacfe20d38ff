package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import java.util.List;

/**
 * ConvTranspose of ONNX (opset 22): the transpose of the convolution with {@code W [C,M/group,…]},
 * applied to {@code X [N,C,…]} over one to three spatial dimensions, plus {@code B [M]}.
 */
public final class ConvTranspose extends SumsOfProducts {
  /** Number of groups into which channels are divided. */
  public static final Attribute<Long> GROUP = ConvolutionPart.GROUP;

  /** Positions added at the end of each spatial dimension of the result. */
  public static final Attribute<List<Long>> OUTPUT_PADDING = TransposedGeometry.OUTPUT_PADDING;

  /** Sizes of the result's spatial dimensions, from which pads follow. */
  public static final Attribute<List<Long>> OUTPUT_SHAPE = TransposedGeometry.OUTPUT_SHAPE;

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("ConvTranspose")
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
              OUTPUT_PADDING,
              OUTPUT_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("The transpose of a convolution, plus a bias for each output channel.");

  ConvTranspose() {
    super(SCHEMA, LinearOperator.plain(new TransposedPart()));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return TransposedPart.multiplyAccumulates(call);
  }
}
