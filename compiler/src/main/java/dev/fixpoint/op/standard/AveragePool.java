package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * AveragePool of ONNX (opset 22): the mean of each window over one to three spatial dimensions. The
 * divisor is the number of taps inside the input or, with {@code count_include_pad}, inside the
 * input and its declared pads; positions that only {@code ceil_mode} adds never count.
 */
public final class AveragePool extends PoolOp {
  /** Whether taps in the pads count as zeros. */
  public static final Attribute<Long> COUNT_INCLUDE_PAD = Attribute.ofInt("count_include_pad", 0);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("AveragePool")
          .versions(1, 7, 10, 11, 19, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.CEIL_MODE,
              COUNT_INCLUDE_PAD,
              WindowGeometry.DILATIONS,
              WindowGeometry.KERNEL_SHAPE.required(),
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Mean of each window.");

  AveragePool() {
    super(SCHEMA);
  }

  @Override
  PoolFunction function(OpCall call) {
    return new MeanPool(PoolWindows.SLIDING, call.attributes().isSet(COUNT_INCLUDE_PAD));
  }
}
