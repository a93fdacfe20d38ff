package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * ONNX {@code Scatter} until opset 10, since then ScatterElements: writes each update to its own
 * place in the data, but at its index along the axis.
 */
public final class Scatter extends ScatterOp {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /** {@code output = Scatter(data, indices, updates)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Scatter")
          .versions(9, 11)
          .input("data", Types.ALL)
          .input("indices", Types.INDICES)
          .input("updates", Types.ALL)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("The old name of ScatterElements.");

  Scatter() {
    super(SCHEMA);
  }

  @Override
  int[] positions(OpCall call) {
    return GatherElements.positions(call.tensor(0).shape(), call.tensor(1), call.get(AXIS));
  }
}
