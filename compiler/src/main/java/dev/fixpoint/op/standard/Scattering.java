package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes updates into data at given positions: instead of the elements there, or together with
 * them.
 */
final class Scattering {
  /** {@code none}, {@code add}, {@code mul}, {@code max} or {@code min}. */
  static final Attribute<String> REDUCTION = Attribute.ofString("reduction", "none");

  private Scattering() {}

  /** The data after element {@code positions[i]} was combined with update i, in order. */
  static Tensor scatter(Tensor data, Tensor updates, int[] positions, String reduction) {
    if (updates.elementCount() != positions.length) {
      throw new IllegalArgumentException(
          "updates of shape " + updates.shape() + " for " + positions.length + " positions");
    }
    if (reduction.equals("none")) {
      return replace(data, updates, positions);
    }
    if (data.elementType().isFloat()) {
      double[] values = data.toDoubles();
      for (int i = 0; i < positions.length; i++) {
        values[positions[i]] = reduce(reduction, values[positions[i]], updates.doubleAt(i));
      }
      return Tensor.ofDoubles(data.elementType(), data.shape(), values);
    }
    long[] values = data.toLongs();
    boolean unsigned = data.elementType() == ElementType.UINT64;
    for (int i = 0; i < positions.length; i++) {
      values[positions[i]] = reduce(reduction, values[positions[i]], updates.longAt(i), unsigned);
    }
    return Tensor.ofBits(data.elementType(), data.shape(), values);
  }

  private static Tensor replace(Tensor data, Tensor updates, int[] positions) {
    int count = Math.toIntExact(data.elementCount());
    int[] sources = Elements.steps(count, 1);
    for (int i = 0; i < positions.length; i++) {
      sources[positions[i]] = count + i;
    }
    return Elements.gather(Elements.chained(List.of(data, updates)), data.shape(), sources);
  }

  private static double reduce(String reduction, double value, double update) {
    return switch (reduction) {
      case "add" -> value + update;
      case "mul" -> value * update;
      case "max" -> Math.max(value, update);
      case "min" -> Math.min(value, update);
      default -> throw unknown(reduction);
    };
  }

  private static long reduce(String reduction, long value, long update, boolean unsigned) {
    int order = unsigned ? Long.compareUnsigned(value, update) : Long.compare(value, update);
    return switch (reduction) {
      case "add" -> value + update;
      case "mul" -> value * update;
      case "max" -> order >= 0 ? value : update;
      case "min" -> order <= 0 ? value : update;
      default -> throw unknown(reduction);
    };
  }

  private static IllegalArgumentException unknown(String reduction) {
    return new IllegalArgumentException("there is no reduction '" + reduction + "'");
  }

  /** The range of the result: of the data, of the updates, or of their sums. */
  static Range range(OpCall call, List<@Nullable Range> ranges) {
    Interval data = Ranges.at(ranges, 0).hull();
    Interval updates = Ranges.at(ranges, 2).hull();
    return switch (call.get(REDUCTION)) {
      case "none", "max", "min" -> Range.of(data.join(updates));
      case "add" -> Range.of(sums(call, data, updates));
      default -> Range.ALL;
    };
  }

  /** Every update may meet the same element. */
  private static Interval sums(OpCall call, Interval data, Interval updates) {
    double count = updateCount(call);
    if (Double.isInfinite(count)) {
      return Interval.ALL;
    }
    Interval added = updates.join(Interval.ZERO).times(count).times(inDouble(count));
    return Transfers.stored(call.type(0).elementType(), data.plus(added));
  }

  /** Widens an interval around zero by what sums in double may be off. */
  private static Interval inDouble(double count) {
    return new Interval(0, 1 + (count + 1) * 0x1p-52);
  }

  private static double updateCount(OpCall call) {
    Shape shape = call.type(2).shape();
    return shape.isStatic() ? shape.elementCount() : Double.POSITIVE_INFINITY;
  }

  /** How far the result moves with data and updates; the positions must not move. */
  static ErrorBound error(OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound data = errors.get(0).uniform();
    ErrorBound updates = errors.get(2).uniform();
    if (!(errors.get(1) instanceof ErrorBound.Exact)) {
      return Movement.inexactChoice(1);
    }
    if (data.max() == 0 && updates.max() == 0) {
      return ErrorBound.EXACT;
    }
    return switch (call.get(REDUCTION)) {
      case "none", "max", "min" -> data.join(updates);
      case "add" -> {
        double count = updateCount(call);
        yield Double.isInfinite(count)
            ? ErrorBound.unbounded("the number of updates is not known")
            : data.plus(updates.scaledBy(count)).plus(rounding(call, ranges).scaledBy(2));
      }
      default -> ErrorBound.unbounded("updates multiply elements any number of times");
    };
  }

  /** The one rounding of a sum, and what the sum in double may be off. */
  static ErrorBound rounding(OpCall call, List<@Nullable Range> ranges) {
    if (call.get(REDUCTION).equals("none")
        || call.get(REDUCTION).equals("max")
        || call.get(REDUCTION).equals("min")
        || !call.type(0).elementType().isFloat()) {
      return ErrorBound.EXACT;
    }
    Range range = range(call, ranges);
    double magnitude = range.magnitude();
    double count = updateCount(call);
    if (!Double.isFinite(magnitude) || Double.isInfinite(count)) {
      return ErrorBound.unbounded("the sums have no bound");
    }
    double largest =
        Outward.addUp(
            Ranges.at(ranges, 0).magnitude(),
            Outward.multiplyUp(count, Ranges.at(ranges, 2).magnitude()));
    double summing = Outward.multiplyUp(largest, Outward.multiplyUp(count, 0x1p-52));
    double storing = Transfers.evaluation(call.type(0).elementType(), magnitude);
    return ErrorBound.uniform(Outward.addUp(summing, storing));
  }
}
