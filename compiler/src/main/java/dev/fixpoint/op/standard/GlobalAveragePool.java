package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** GlobalAveragePool of ONNX (opset 22): the mean of each plane of {@code X [N,C,…]}. */
public final class GlobalAveragePool extends PoolOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GlobalAveragePool")
          .versions(1, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Mean of each plane.");

  GlobalAveragePool() {
    super(SCHEMA);
  }

  @Override
  PoolFunction function(OpCall call) {
    return new MeanPool(PoolWindows.GLOBAL, false);
  }
}
