package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * LpPool of ONNX (opset 22): the p-norm of each window over one to three spatial dimensions. Pads
 * are zero.
 */
public final class LpPool extends PoolOp {
  /** The exponent. */
  public static final Attribute<Long> P = Attribute.ofInt("p", 2);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("LpPool")
          .versions(1, 2, 11, 18, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.CEIL_MODE,
              WindowGeometry.DILATIONS,
              WindowGeometry.KERNEL_SHAPE.required(),
              P,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Norm of each window.");

  LpPool() {
    super(SCHEMA);
  }

  @Override
  PoolFunction function(OpCall call) {
    return new NormPool(PoolWindows.SLIDING, call.get(P));
  }
}
