package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX {@code ScatterND}: writes each slice of updates to the place in the data that a vector along
 * the last axis of the indices gives. Later updates of the same element win, or are combined with
 * it.
 */
public final class ScatterNd implements OpDefinition {
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

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    int[] starts = GatherNd.starts(data.shape(), call.tensor(1), 0);
    int slice = 1;
    for (int i = call.tensor(1).shape().intSize(-1); i < data.shape().rank(); i++) {
      slice = Math.multiplyExact(slice, data.shape().intSize(i));
    }
    int count = Math.multiplyExact(starts.length, slice);
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = starts[i / slice] + i % slice;
    }
    return List.of(Scattering.scatter(data, call.tensor(2), positions, call.get(REDUCTION)));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Scattering.range(call, ranges));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(Scattering.error(call, ranges, errors));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Scattering.rounding(call, ranges));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(
        call.get(REDUCTION).equals("add") || call.get(REDUCTION).equals("mul")
            ? ErrorBound.unbounded("no rounding bound is stated for sums of updates")
            : ErrorBound.EXACT);
  }
}
