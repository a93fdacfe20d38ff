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
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a fold over ever more elements along an axis: ONNX's CumSum and CumProd. A
 * definition says what is special: the fold, and how intervals and moves go through.
 */
abstract class ScanOp implements OpDefinition {
  /** Whether an element is left out of its own result. */
  public static final Attribute<Long> EXCLUSIVE = Attribute.ofInt("exclusive", 0);

  /** Whether the fold starts at the end. */
  public static final Attribute<Long> REVERSE = Attribute.ofInt("reverse", 0);

  private final OpSchema schema;

  ScanOp(String name, String doc, Integer... versions) {
    this.schema =
        OpSchema.of(name)
            .versions(versions)
            .input("x", NumericTypes.REDUCIBLE)
            .input("axis", Types.INDICES)
            .output("y", NumericTypes.REDUCIBLE)
            .attributes(EXCLUSIVE, REVERSE)
            .doc(doc);
  }

  /** What the fold starts with. */
  abstract int start();

  /** One step of the fold. */
  abstract double fold(double a, double b);

  /** One step of the fold of integers. */
  abstract long foldInteger(long a, long b);

  /** An interval of the fold of some terms. */
  abstract Interval image(Group terms);

  /** How far the fold of some terms moves. */
  abstract double shift(Group terms);

  /** What the fold in double may lose of some terms. */
  abstract double lost(Group terms);

  /** Distance of the fold of numbers in floating point from the exact one. */
  abstract double roundoff(double[] terms, double y, ElementType type);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0));
  }

  private static boolean[] axis(OpCall call) {
    int rank = call.type(0).shape().rank();
    boolean[] along = new boolean[rank];
    along[Axes.normalized(call.tensor(1).longAt(0), rank)] = true;
    return along;
  }

  /** Walks along every line: the position of each result and of the element that joins after it. */
  private static void walk(OpCall call, Walk walk) {
    Shape shape = call.type(0).shape();
    int[] offsets = Groups.offsets(shape, axis(call), true);
    boolean reverse = call.attributes().isSet(REVERSE);
    for (int base : Groups.offsets(shape, axis(call), false)) {
      walk.begin();
      for (int i = 0; i < offsets.length; i++) {
        walk.step(base + offsets[reverse ? offsets.length - 1 - i : i]);
      }
    }
  }

  private interface Walk {
    void begin();

    void step(int at);
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    boolean exclusive = call.attributes().isSet(EXCLUSIVE);
    if (x.elementType().isFloat()) {
      double[] values = x.toDoubles();
      walk(call, floats(values, exclusive));
      return List.of(Tensor.ofDoubles(x.elementType(), x.shape(), values));
    }
    long[] values = x.toLongs();
    walk(call, integers(values, exclusive));
    return List.of(Tensor.ofBits(x.elementType(), x.shape(), values));
  }

  private Walk floats(double[] values, boolean exclusive) {
    return new Walk() {
      private double folded;

      @Override
      public void begin() {
        folded = start();
      }

      @Override
      public void step(int at) {
        double before = folded;
        folded = fold(folded, values[at]);
        values[at] = exclusive ? before : folded;
      }
    };
  }

  private Walk integers(long[] values, boolean exclusive) {
    return new Walk() {
      private long folded;

      @Override
      public void begin() {
        folded = start();
      }

      @Override
      public void step(int at) {
        long before = folded;
        folded = foldInteger(folded, values[at]);
        values[at] = exclusive ? before : folded;
      }
    };
  }

  /** The terms of any result: none to all elements of a line. */
  private static Group terms(OpCall call, List<@Nullable Range> ranges, double move) {
    Shape shape = call.type(0).shape();
    Tensor axis = call.constant(1);
    double longest = Double.POSITIVE_INFINITY;
    if (shape.isRanked() && axis != null) {
      Dimension dimension = shape.dimension(Axes.normalized(axis.longAt(0), shape.rank()));
      longest = dimension instanceof Dimension.Fixed fixed ? fixed.size() : longest;
    }
    return new Group(
        new Interval[] {Ranges.at(ranges, 0).hull()},
        new double[] {move},
        new Interval(0, longest));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    return List.of(Range.of(Transfers.stored(type, image(terms(call, ranges, 0)))));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (!error.isBounded() || error.max() == 0) {
      return List.of(error);
    }
    ElementType type = call.type(0).elementType();
    Group terms = terms(call, ranges, error.max());
    Interval real = image(terms);
    Interval stored = Transfers.stored(type, real);
    if (!type.isFloat() && !stored.equals(real)) {
      return List.of(ErrorBound.uniform(stored.width())); // may wrap around
    }
    double moved = Outward.addUp(shift(terms), 2 * rounding(type, terms));
    return List.of(ErrorBound.uniform(Math.min(moved, stored.width())));
  }

  private double rounding(ElementType type, Group terms) {
    return type.isInteger()
        ? 0
        : Outward.addUp(Transfers.evaluation(type, image(terms).magnitude()), lost(terms));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    return List.of(ErrorBound.uniform(rounding(type, terms(call, ranges, 0))));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    if (!type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    double[] values = x.toDoubles();
    double[] y = outputs.getFirst().toDoubles();
    int[] offsets = Groups.offsets(x.shape(), axis(call), true);
    double[] allowed = new double[y.length];
    for (int base : Groups.offsets(x.shape(), axis(call), false)) {
      double[] line = Arrays.stream(offsets).mapToDouble(o -> values[base + o]).toArray();
      for (int offset : offsets) {
        double value = y[base + offset];
        allowed[base + offset] = Double.isFinite(value) ? roundoff(line, value, type) : 0;
      }
    }
    return List.of(ErrorBound.perElement(allowed));
  }
}
