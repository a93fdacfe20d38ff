package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function of all elements along some axes: ONNX's Reduce operators in the form of opset 18, with
 * axes as an input. A definition says what is special: schema, function, and how intervals and
 * moves go through.
 */
abstract class ReduceOp implements OpDefinition {
  /** Whether reduced axes stay, with size 1. */
  public static final Attribute<Long> KEEP_DIMS = Attribute.ofInt("keepdims", 1);

  /** Whether no axes means none instead of all. */
  public static final Attribute<Long> NOOP = Attribute.ofInt("noop_with_empty_axes", 0);

  private final OpSchema schema;

  ReduceOp(String name, Set<ElementType> types, String doc, Integer... versions) {
    this.schema =
        OpSchema.of(name)
            .versions(versions)
            .input("data", types)
            .optionalInput("axes", Types.INT64)
            .output("reduced", types)
            .attributes(KEEP_DIMS, NOOP)
            .doc(doc);
  }

  /** The value of the elements at a base plus offsets, in double. */
  abstract double reduce(double[] x, int base, int[] offsets);

  /** The value of integers; the lowest bits count. Unsigned 64-bit ones are given as bits. */
  long reduceIntegers(long[] x, int base, int[] offsets, ElementType type) {
    double[] values =
        Arrays.stream(offsets).mapToDouble(offset -> number(x[base + offset], type)).toArray();
    double value = reduce(values, 0, IntStream.range(0, values.length).toArray());
    return Conversion.truncated(value, type);
  }

  private static double number(long bits, ElementType type) {
    return Tensor.ofBits(type, Shape.SCALAR, bits).doubleAt(0);
  }

  /** An interval that holds the value of a group. */
  abstract Interval image(Group group);

  /** How far the value of a group moves. */
  abstract double shift(Group group);

  /** What the computation in double may lose beside the last rounding. */
  double lost(Group group) {
    return 0;
  }

  /** Whether the value is one of the elements. */
  boolean isExact() {
    return false;
  }

  /**
   * Distance of a value computed in floating point from the exact one.
   *
   * @param x the reduced elements
   * @param y the value
   */
  abstract double roundoff(double[] x, double y, ElementType type);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    TensorType type = call.type(0);
    boolean keep = call.attributes().isSet(KEEP_DIMS);
    boolean[] reduced = ReducedAxes.of(call, NOOP);
    if (reduced != null) {
      return List.of(type.withShape(ReducedAxes.shape(type.shape(), reduced, keep)));
    }
    return List.of(
        type.withShape(
            keep && type.shape().isRanked() ? Shape.ofRank(type.shape().rank()) : Shape.UNRANKED));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    boolean[] reduced = Objects.requireNonNull(ReducedAxes.of(call, NOOP));
    Shape shape = ReducedAxes.shape(x.shape(), reduced, call.attributes().isSet(KEEP_DIMS));
    int[] bases = Groups.offsets(x.shape(), reduced, false);
    int[] offsets = Groups.offsets(x.shape(), reduced, true);
    if (type.isFloat()) {
      double[] values = x.toDoubles();
      double[] result = Arrays.stream(bases).mapToDouble(b -> reduce(values, b, offsets)).toArray();
      return List.of(Tensor.ofDoubles(type, shape, result));
    }
    long[] values = x.toLongs();
    long[] result =
        Arrays.stream(bases).mapToLong(b -> reduceIntegers(values, b, offsets, type)).toArray();
    return List.of(Tensor.ofBits(type, shape, result));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    Reduction reduction = Reduction.of(call, NOOP, KEEP_DIMS, ranges, ErrorBound.EXACT);
    return List.of(reduction.range(group -> Transfers.stored(type, whole(type, image(group)))));
  }

  /** Integers are truncated. */
  private static Interval whole(ElementType type, Interval real) {
    return type.isFloat() ? real : real.join(new Interval(toZero(real.low()), toZero(real.high())));
  }

  private static double toZero(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ElementType type = call.type(0).elementType();
    Reduction reduction = Reduction.of(call, NOOP, KEEP_DIMS, ranges, errors.getFirst());
    return List.of(reduction.error(group -> shift(type, group)));
  }

  private double shift(ElementType type, Group group) {
    Interval real = whole(type, image(group));
    Interval stored = Transfers.stored(type, real);
    if (!type.isFloat()) {
      return stored.equals(real)
          ? Math.min(Outward.addUp(shift(group), isExact() ? 0 : 1), real.width())
          : stored.width(); // may wrap around
    }
    double rounding = 2 * rounding(type, group);
    return Math.min(Outward.addUp(shift(group), rounding), stored.width());
  }

  private double rounding(ElementType type, Group group) {
    return isExact()
        ? 0
        : Outward.addUp(Transfers.evaluation(type, image(group).magnitude()), lost(group));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    Reduction reduction = Reduction.of(call, NOOP, KEEP_DIMS, ranges, ErrorBound.EXACT);
    return List.of(
        isExact() || type.isInteger()
            ? ErrorBound.EXACT
            : reduction.bound(group -> rounding(type, group)));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    if (isExact() || !type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    boolean[] reduced = Objects.requireNonNull(ReducedAxes.of(call, NOOP));
    int[] bases = Groups.offsets(x.shape(), reduced, false);
    int[] offsets = Groups.offsets(x.shape(), reduced, true);
    double[] values = x.toDoubles();
    double[] y = outputs.getFirst().toDoubles();
    double[] allowed = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      int base = bases[i];
      double[] terms = Arrays.stream(offsets).mapToDouble(o -> values[base + o]).toArray();
      double roundoff = roundoff(terms, y[i], type);
      double own = 2 * (Transfers.unitRoundoff(type) * Math.abs(y[i]) + Transfers.smallest(type));
      allowed[i] = Double.isFinite(y[i]) ? roundoff + own : 0;
    }
    return List.of(ErrorBound.perElement(allowed));
  }
}
