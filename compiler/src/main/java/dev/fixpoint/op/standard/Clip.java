package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code min(max(x, min), max)} with optional scalars min and max; the upper one wins where they
 * cross: ONNX Clip, opset 13.
 */
public final class Clip implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Clip")
          .versions(1, 6, 11, 12, 13)
          .input("input", Types.NUMBERS)
          .optionalInput("min", Types.NUMBERS)
          .optionalInput("max", Types.NUMBERS)
          .output("output", Types.NUMBERS)
          .doc("Each element moved into an interval.");

  private static final Range LOWEST = Range.of(Interval.point(Double.NEGATIVE_INFINITY));
  private static final Range HIGHEST = Range.of(Interval.point(Double.POSITIVE_INFINITY));

  Clip() {}

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    for (int i = 1; i < call.inputCount(); i++) {
      if (call.hasInput(i) && call.type(i).shape().isStatic()) {
        requireOne(call.type(i));
      }
    }
    return List.of(call.type(0));
  }

  private static void requireOne(TensorType type) {
    if (type.shape().elementCount() != 1) {
      throw new IllegalArgumentException("the bounds must be scalars, but one is " + type);
    }
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    return List.of(x.elementType().isFloat() ? floats(call, x) : integers(call, x));
  }

  private static Tensor floats(OpCall call, Tensor x) {
    double min = call.hasInput(1) ? call.tensor(1).doubleAt(0) : Double.NEGATIVE_INFINITY;
    double max = call.hasInput(2) ? call.tensor(2).doubleAt(0) : Double.POSITIVE_INFINITY;
    double[] values = x.toDoubles();
    Arrays.setAll(values, i -> Math.min(Math.max(values[i], min), max));
    return Tensor.ofDoubles(x.elementType(), x.shape(), values);
  }

  private static Tensor integers(OpCall call, Tensor x) {
    // Unsigned 64-bit numbers are in order once their highest bit is flipped.
    long flip = x.elementType() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    long min = call.hasInput(1) ? call.tensor(1).longAt(0) ^ flip : Long.MIN_VALUE;
    long max = call.hasInput(2) ? call.tensor(2).longAt(0) ^ flip : Long.MAX_VALUE;
    long[] values = x.toLongs();
    Arrays.setAll(values, i -> Math.min(Math.max(values[i] ^ flip, min), max) ^ flip);
    return Tensor.ofBits(x.elementType(), x.shape(), values);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Interval min = bound(ranges, 1, LOWEST);
    Interval max = bound(ranges, 2, HIGHEST);
    return List.of(
        Ranges.at(ranges, 0)
            .map(
                x ->
                    new Interval(
                        Math.min(Math.max(x.low(), min.low()), max.low()),
                        Math.min(Math.max(x.high(), min.high()), max.high()))));
  }

  private static Interval bound(List<@Nullable Range> ranges, int index, Range absent) {
    Range range = index < ranges.size() ? ranges.get(index) : null;
    return (range == null ? absent : range).hull();
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    for (ErrorBound bound : errors.subList(1, errors.size())) {
      error = error.join(bound.uniform());
    }
    return List.of(error);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
