package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an update into a cache along the sequence axis, for each batch entry from its own index
 * on; ONNX TensorScatter, opset 24.
 */
public final class TensorScatter implements OpDefinition {
  /** The sequence axis, not the first one. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -2);

  /** {@code linear}, or {@code circular} where writing goes on at the start of the cache. */
  public static final Attribute<String> MODE = Attribute.ofString("mode", "linear");

  /** {@code present_cache = TensorScatter(past_cache, update, write_indices?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("TensorScatter")
          .versions(24)
          .input("past_cache", Types.ALL)
          .input("update", Types.ALL)
          .optionalInput("write_indices", Types.INT64)
          .output("present_cache", Types.ALL)
          .attributes(AXIS, MODE)
          .doc("Writes an update into a cache.");

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
    Tensor cache = call.tensor(0);
    Tensor update = call.tensor(1);
    int axis = Axes.normalized(call.get(AXIS), cache.shape().rank());
    int[] sizes = cache.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[] written = update.shape().intSizes();
    int[] steps = Elements.strides(written);
    if (written.length != sizes.length || axis == 0) {
      throw new IllegalArgumentException(
          "cannot write " + update.shape() + " into " + cache.shape() + " along axis " + axis);
    }
    Axes.requireShape(call, 2, written[0]);
    boolean isCircular = call.get(MODE).equals("circular");
    int[] positions = new int[Math.toIntExact(update.elementCount())];
    for (int i = 0; i < positions.length; i++) {
      int batch = i / steps[0];
      long start = call.hasInput(2) ? call.tensor(2).longAt(batch) : 0;
      for (int k = 0; k < sizes.length; k++) {
        long index = i / steps[k] % written[k];
        if (k == axis) {
          index = isCircular ? Math.floorMod(start + index, sizes[k]) : start + index;
        }
        if (index < 0 || index >= sizes[k]) {
          throw new IllegalArgumentException(
              "index " + index + " is outside of axis " + k + " of " + cache.shape());
        }
        positions[i] += (int) index * strides[k];
      }
    }
    return List.of(Scattering.scatter(cache, update, positions, "none"));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Ranges.at(ranges, 0).uniform().join(Ranges.at(ranges, 1).uniform()));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (errors.size() > 2 && !(errors.get(2) instanceof ErrorBound.Exact)) {
      return List.of(Movement.inexactChoice(2));
    }
    return List.of(errors.get(0).uniform().join(errors.get(1).uniform()));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }
}
