package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;

/**
 * ONNX {@code ScatterND}: writes each slice of updates to the place in the data that a vector along
 * the last axis of the indices gives. Later updates of the same element win, or are combined with
 * it.
 */
public final class ScatterNd extends ScatterOp {
  /**
   * How an update meets the element: {@code none}, {@code add}, {@code mul}, {@code max}, {@code
   * min}.
   */
  public static final Attribute<String> REDUCTION = Scattering.REDUCTION;

  /** {@code output = ScatterND(data, indices, updates)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("ScatterND")
          .versions(11, 13, 16, 18)
          .input("data", Types.ALL)
          .input("indices", Types.INT64)
          .input("updates", Types.ALL)
          .output("output", Types.ALL)
          .attributes(REDUCTION)
          .doc("Replaces slices at places that vectors of indices give.");

  ScatterNd() {
    super(SCHEMA);
  }

  @Override
  int[] positions(OpCall call) {
    Shape data = call.tensor(0).shape();
    int[] starts = GatherNd.starts(data, call.tensor(1), 0);
    int slice = 1;
    for (int i = call.tensor(1).shape().intSize(-1); i < data.rank(); i++) {
      slice = Math.multiplyExact(slice, data.intSize(i));
    }
    int count = Math.multiplyExact(starts.length, slice);
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = starts[i / slice] + i % slice;
    }
    return positions;
  }
}
