package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/**
 * Writes each update to its own place in the data, but at its index along the axis. Later updates
 * of the same element win, or are combined with it.
 */
public final class ScatterElements extends ScatterOp {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /**
   * How an update meets the element: {@code none}, {@code add}, {@code mul}, {@code max}, {@code
   * min}.
   */
  public static final Attribute<String> REDUCTION = Scattering.REDUCTION;

  /** {@code output = ScatterElements(data, indices, updates)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("ScatterElements")
          .versions(11, 13, 16, 18)
          .input("data", Types.ALL)
          .input("indices", Types.INDICES)
          .input("updates", Types.ALL)
          .output("output", Types.ALL)
          .attributes(AXIS, REDUCTION)
          .doc("Replaces elements at given indices along an axis.");

  ScatterElements() {
    super(SCHEMA);
  }

  @Override
  int[] positions(OpCall call) {
    return GatherElements.positions(call.tensor(0).shape(), call.tensor(1), call.get(AXIS));
  }
}
