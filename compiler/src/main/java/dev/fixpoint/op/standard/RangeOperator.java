package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ONNX {@code Range}: the numbers start, start + delta, start + 2 delta, … before the limit. */
public final class RangeOperator implements OpDefinition {
  /** {@code output = Range(start, limit, delta)}, all scalars. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Range")
          .versions(11, 27)
          .input("start", Types.NUMBERS)
          .input("limit", Types.NUMBERS)
          .input("delta", Types.NUMBERS)
          .output("output", Types.NUMBERS)
          .doc("Numbers at equal distances.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    ElementType type = Broadcasts.commonType(call);
    return List.of(new TensorType(type, Shape.of(List.of(length(call)))));
  }

  private static Dimension length(OpCall call) {
    Tensor start = call.constant(0);
    Tensor limit = call.constant(1);
    Tensor delta = call.constant(2);
    if (start != null && limit != null && delta != null) {
      Axes.single(start, 0);
      Axes.single(limit, 1);
      Axes.single(delta, 2);
      return Dimension.of(count(start, limit, delta));
    }
    ShapeValue end = call.shapeValue(1);
    Long from = Axes.number(call, 0);
    Long step = Axes.number(call, 2);
    boolean counts = from != null && from == 0 && step != null && step == 1;
    return counts && end != null && end.size() == 1 ? end.dimension(0) : Dimension.UNKNOWN;
  }

  private static long count(Tensor start, Tensor limit, Tensor delta) {
    if (delta.doubleAt(0) == 0) {
      throw new IllegalArgumentException("delta is 0");
    }
    if (start.elementType().isFloat()) {
      double count = Math.ceil((limit.doubleAt(0) - start.doubleAt(0)) / delta.doubleAt(0));
      if (!(count <= Integer.MAX_VALUE)) {
        throw new IllegalArgumentException("the range has " + count + " elements");
      }
      return (long) Math.max(count, 0);
    }
    long distance = Math.subtractExact(limit.longAt(0), start.longAt(0));
    return Math.max(Math.ceilDiv(distance, delta.longAt(0)), 0);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor start = call.tensor(0);
    Tensor delta = call.tensor(2);
    Shape shape = inferTypes(call).getFirst().shape();
    int count = shape.intSize(0);
    if (start.elementType().isFloat()) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = start.doubleAt(0) + i * delta.doubleAt(0);
      }
      return List.of(Tensor.ofDoubles(start.elementType(), shape, values));
    }
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = start.longAt(0) + i * delta.longAt(0);
    }
    return List.of(Tensor.ofLongs(start.elementType(), shape, values));
  }

  /** Numbers lie between start and limit; one that rounding adds is at most a step behind. */
  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Interval start = Ranges.at(ranges, 0).hull();
    Interval limit = Ranges.at(ranges, 1).hull();
    Interval delta = Ranges.at(ranges, 2).hull();
    return List.of(Range.of(start.join(limit).join(limit.plus(delta))));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    boolean isExact = errors.stream().allMatch(ErrorBound.Exact.class::isInstance);
    return List.of(
        isExact
            ? ErrorBound.EXACT
            : ErrorBound.unbounded("the length of a range changes when its operands move"));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    Range range = rangeTransfer(call, ranges).getFirst();
    ElementType type = call.type(0).elementType();
    double magnitude = range.magnitude();
    double step = Ranges.at(ranges, 2).magnitude();
    // The product and the sum are each computed in double.
    return List.of(
        ErrorBound.uniform(2 * Transfers.evaluation(type, magnitude + magnitude + step)));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    if (!type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    double start = Math.abs(call.tensor(0).doubleAt(0));
    double step = Math.abs(call.tensor(2).doubleAt(0));
    long count = outputs.getFirst().elementCount();
    // Either start + i·delta, or delta added i times: each addition rounds once more.
    double largest = start + count * step;
    return List.of(ErrorBound.uniform(2 * (count + 1) * largest * Transfers.unitRoundoff(type)));
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    Long start = Axes.number(call, 0);
    Long limit = Axes.number(call, 1);
    Long delta = Axes.number(call, 2);
    if (start == null
        || limit == null
        || delta == null
        || !Types.INDICES.contains(call.type(0).elementType())) {
      return null;
    }
    long count = Math.max(Math.ceilDiv(Math.subtractExact(limit, start), delta), 0);
    if (count > ShapeValue.MAX_ENTRIES) {
      return null;
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      entries.add(Affine.of(start + i * delta));
    }
    return ShapeValue.vector(entries);
  }
}
