package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Entries;
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
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A function of every line of a tensor along one axis, with a result of the same shape. A
 * definition says what is special: the function, and what is known of its values.
 */
abstract class SoftmaxOp implements OpDefinition {
  /** The axis of the lines. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  private final OpSchema schema;

  SoftmaxOp(String name, String doc) {
    this.schema =
        OpSchema.of(name)
            .versions(1, 11, 13)
            .input("input", Types.FLOATS)
            .output("output", Types.FLOATS)
            .attributes(AXIS)
            .doc(doc);
  }

  /** The values of a line, in double, in place. */
  abstract void apply(double[] line);

  /** An interval of the value at one term of a line, the others being the rest of the group. */
  abstract Interval image(Interval term, Group line);

  /** How far a value moves when no term of its line moves by more than given. */
  abstract double shift(Interval image, double move);

  /** Distance of a value computed in floating point from the exact one. */
  abstract double roundoff(double[] line, double x, double y, ElementType type);

  /** Whether values need no rounding. */
  boolean isExact() {
    return false;
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    if (call.type(0).shape().isRanked()) {
      axis(call);
    }
    return List.of(call.type(0));
  }

  private static boolean[] axis(OpCall call) {
    int rank = call.type(0).shape().rank();
    boolean[] along = new boolean[rank];
    along[Axes.normalized(call.get(AXIS), rank)] = true;
    return along;
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    double[] values = x.toDoubles();
    int[] offsets = Groups.offsets(x.shape(), axis(call), true);
    double[] line = new double[offsets.length];
    for (int base : Groups.offsets(x.shape(), axis(call), false)) {
      for (int i = 0; i < line.length; i++) {
        line[i] = values[base + offsets[i]];
      }
      apply(line);
      for (int i = 0; i < line.length; i++) {
        values[base + offsets[i]] = line[i];
      }
    }
    return List.of(Tensor.ofDoubles(x.elementType(), x.shape(), values));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    Lines lines = Lines.of(call, ranges, ErrorBound.EXACT);
    return List.of(lines.range((term, line) -> Transfers.stored(type, image(term, line))));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ElementType type = call.type(0).elementType();
    if (errors.getFirst() instanceof ErrorBound.Unbounded unbounded) {
      return List.of(unbounded);
    }
    Lines lines = Lines.of(call, ranges, errors.getFirst());
    return List.of(lines.bound((term, line) -> shift(type, term, line)));
  }

  private double shift(ElementType type, Interval term, Group line) {
    double move = line.largestMove();
    if (move == 0) {
      return 0;
    }
    Interval image = image(term, line);
    double rounding = isExact() ? 0 : 2 * Transfers.evaluation(type, image.magnitude());
    double width = Transfers.stored(type, image).width();
    return Math.min(Outward.addUp(shift(image, move), rounding), width);
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    if (isExact()) {
      return List.of(ErrorBound.EXACT);
    }
    ElementType type = call.type(0).elementType();
    Lines lines = Lines.of(call, ranges, ErrorBound.EXACT);
    return List.of(
        lines.bound((term, line) -> Transfers.evaluation(type, image(term, line).magnitude())));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    if (isExact()) {
      return List.of(ErrorBound.EXACT);
    }
    double[] values = x.toDoubles();
    double[] y = outputs.getFirst().toDoubles();
    int[] offsets = Groups.offsets(x.shape(), axis(call), true);
    double[] allowed = new double[y.length];
    for (int base : Groups.offsets(x.shape(), axis(call), false)) {
      double[] line =
          Arrays.stream(offsets).map(o -> base + o).mapToDouble(i -> values[i]).toArray();
      for (int offset : offsets) {
        int i = base + offset;
        allowed[i] = Double.isFinite(y[i]) ? roundoff(line, values[i], y[i], type) : 0;
      }
    }
    return List.of(ErrorBound.perElement(allowed));
  }

  /** The lines of a call, with intervals and moves of their terms. */
  private record Lines(Groups groups, Entries entries) {
    static Lines of(OpCall call, List<@Nullable Range> ranges, ErrorBound error) {
      Shape shape = call.type(0).shape();
      Range range = Ranges.at(ranges, 0);
      boolean byElement =
          range.spread() instanceof Spread.Elements || error.spread() instanceof Spread.Elements;
      if (!shape.isRanked() || (byElement && !shape.isStatic())) {
        Entries uniform = Entries.ofSame(shape, range.uniform(), error.uniform());
        return new Lines(
            Groups.of(uniform.spread(), shape, shape.isRanked() ? axis(call) : null, true),
            uniform);
      }
      Entries entries = Entries.ofSame(shape, range, error);
      return new Lines(Groups.of(entries.spread(), shape, axis(call), true), entries);
    }

    Range range(BiFunction<Interval, Group, Interval> image) {
      Interval[] images = new Interval[entries.spread().count()];
      for (int i = 0; i < groups.members().length; i++) {
        Group line = group(i);
        for (int entry : groups.members()[i]) {
          images[entry] = image.apply(entries.intervals(0).get(entry), line);
        }
      }
      return switch (entries.spread()) {
        case Spread.Uniform _ -> Range.of(images[0]);
        case Spread.Along along -> Range.perChannel(along.axis(), List.of(images));
        case Spread.Elements _ -> Range.perElement(List.of(images));
      };
    }

    ErrorBound bound(ToDoubleBiFunction<Interval, Group> value) {
      double[] values = new double[entries.spread().count()];
      for (int i = 0; i < groups.members().length; i++) {
        Group line = group(i);
        for (int entry : groups.members()[i]) {
          values[entry] = value.applyAsDouble(entries.intervals(0).get(entry), line);
        }
      }
      return ErrorBound.of(entries.spread(), values);
    }

    private Group group(int index) {
      return groups.group(index, entries.intervals(0), entries.moves(0));
    }
  }
}
