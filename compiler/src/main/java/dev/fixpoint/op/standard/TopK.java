package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
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
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The k largest or smallest elements along an axis, in order, and their indices. Of equal elements
 * the one with the lower index comes first.
 */
public final class TopK implements OpDefinition {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** Whether the largest are taken rather than the smallest. */
  public static final Attribute<Long> LARGEST = Attribute.ofInt("largest", 1);

  /** Whether the result has to be in order; here it always is. */
  public static final Attribute<Long> SORTED = Attribute.ofInt("sorted", 1);

  /** {@code Values, Indices = TopK(X, K)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("TopK")
          .versions(1, 10, 11, 24)
          .input("X", Types.NUMBERS)
          .input("K", Types.INT64)
          .output("Values", Types.NUMBERS)
          .output("Indices", Types.INT64)
          .attributes(AXIS, LARGEST, SORTED)
          .doc("The largest or smallest elements along an axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    Shape shape = input.shape();
    if (shape.isRanked()) {
      int axis = Axes.normalized(call.get(AXIS), shape.rank());
      Dimension kept = kept(call);
      if (kept instanceof Dimension.Fixed k
          && shape.dimension(axis) instanceof Dimension.Fixed size
          && k.size() > size.size()) {
        throw new IllegalArgumentException(
            "K is " + k + ", but axis " + axis + " of " + shape + " is shorter");
      }
      shape = shape.with(axis, kept);
    }
    return List.of(input.withShape(shape), new TensorType(ElementType.INT64, shape));
  }

  private static Dimension kept(OpCall call) {
    Long number = Axes.number(call, 1);
    if (number != null) {
      return Dimension.of(number);
    }
    ShapeValue value = call.shapeValue(1);
    return value == null ? Dimension.UNKNOWN : value.dimension(0);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    int axis = Axes.normalized(call.get(AXIS), shape.rank());
    int size = input.shape().intSize(axis);
    int kept = shape.intSize(axis);
    int inner = Elements.strides(input.shape().intSizes())[axis];
    Comparator<Integer> order = order(input);
    if (call.attributes().isSet(LARGEST)) {
      order = order.reversed();
    }
    int[] positions = new int[Math.toIntExact(shape.elementCount())];
    long[] indices = new long[positions.length];
    int rows = positions.length == 0 ? 0 : positions.length / kept;
    for (int row = 0; row < rows; row++) {
      int start = row / inner * size * inner + row % inner;
      int target = row / inner * kept * inner + row % inner;
      List<Integer> sorted =
          IntStream.range(0, size).mapToObj(i -> start + i * inner).sorted(order).toList();
      for (int i = 0; i < kept; i++) {
        positions[target + i * inner] = sorted.get(i);
        indices[target + i * inner] = (sorted.get(i) - start) / inner;
      }
    }
    return List.of(
        Elements.gather(input, shape, positions),
        Tensor.ofLongs(ElementType.INT64, shape, indices));
  }

  /** Elements by their values; sorting by it is stable. */
  static Comparator<Integer> order(Tensor tensor) {
    if (tensor.elementType() == ElementType.STRING) {
      return Comparator.comparing(tensor.strings()::get);
    }
    if (tensor.elementType().isFloat()) {
      double[] values = tensor.toDoubles();
      // Negative zero equals zero.
      return (a, b) -> Double.compare(values[a] + 0.0, values[b] + 0.0);
    }
    long[] values = tensor.toLongs();
    return tensor.elementType() == ElementType.UINT64
        ? (a, b) -> Long.compareUnsigned(values[a], values[b])
        : (a, b) -> Long.compare(values[a], values[b]);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Range range = Ranges.at(ranges, 0);
    Shape shape = call.type(0).shape();
    boolean hasSize = shape.isRanked() && shape.dimension(axis(call)).isFixed();
    Interval indices =
        hasSize ? new Interval(0, Math.max(shape.size(axis(call)) - 1, 0)) : Intervals.SIZES;
    return List.of(
        isAlongAnother(call, range.spread()) ? range : range.uniform(), Range.of(indices));
  }

  private static int axis(OpCall call) {
    return Axes.normalized(call.get(AXIS), call.type(0).shape().rank());
  }

  private static boolean isAlongAnother(OpCall call, Spread spread) {
    return spread instanceof Spread.Along along
        && call.type(0).shape().isRanked()
        && along.axis() != axis(call);
  }

  /** The i-th largest of numbers that move by at most e moves by at most e. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (!(errors.get(1) instanceof ErrorBound.Exact)) {
      return Transfers.each(2, Movement.inexactChoice(1));
    }
    if (error instanceof ErrorBound.Exact) {
      return Transfers.each(2, ErrorBound.EXACT);
    }
    return List.of(
        isAlongAnother(call, error.spread()) ? error : error.uniform(),
        ErrorBound.unbounded("elements that move may change places"));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(2, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(2, ErrorBound.EXACT);
  }
}
