package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** GlobalLpPool of ONNX (opset 22): the p-norm of each plane of {@code X [N,C,…]}. */
public final class GlobalLpPool extends PoolOp {
  /** The exponent. */
  public static final Attribute<Long> P = Attribute.ofInt("p", 2);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GlobalLpPool")
          .versions(1, 2, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(P)
          .doc("Norm of each plane.");

  GlobalLpPool() {
    super(SCHEMA);
  }

  @Override
  PoolFunction function(OpCall call) {
    return new NormPool(PoolWindows.GLOBAL, call.get(P));
  }
}
