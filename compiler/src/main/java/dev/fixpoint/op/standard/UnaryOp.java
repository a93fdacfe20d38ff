package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Entries;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function of every element by itself, with a result of the same type. A definition says what is
 * special: schema and function. Integer tensors wrap around as two's complement numbers do.
 */
abstract class UnaryOp implements OpDefinition {
  /** Covers the ulps by which slopes computed in double may be short. */
  private static final double SLACK = 0x1p-48;

  private final OpSchema schema;

  UnaryOp(OpSchema schema) {
    this.schema = schema;
  }

  /** The function, with the attributes of a call. */
  abstract RealFunction function(Attributes attributes);

  /** The function of an integer; the lowest bits count. */
  long applyInteger(long x, ElementType type, Attributes attributes) {
    throw new IllegalArgumentException(id() + " is not defined on " + type.text());
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    if (type.isFloat()) {
      RealFunction function = function(call.attributes());
      double[] values = x.toDoubles();
      for (int i = 0; i < values.length; i++) {
        values[i] = function.apply(values[i]);
      }
      return List.of(Tensor.ofDoubles(type, x.shape(), values));
    }
    long[] values = x.toLongs();
    for (int i = 0; i < values.length; i++) {
      values[i] = applyInteger(values[i], type, call.attributes());
    }
    return List.of(Tensor.ofBits(type, x.shape(), values));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    RealFunction function = function(call.attributes());
    ElementType type = call.type(0).elementType();
    return List.of(Ranges.at(ranges, 0).map(x -> Transfers.stored(type, function.image(x))));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    RealFunction function = function(call.attributes());
    TensorType type = call.type(0);
    Entries entries = Entries.ofSame(type.shape(), Ranges.at(ranges, 0), errors.getFirst());
    return List.of(
        entries.error((x, moves) -> shift(function, type.elementType(), x[0], moves[0])));
  }

  private static double shift(RealFunction function, ElementType type, Interval x, double move) {
    Interval image = function.image(x);
    Interval stored = Transfers.stored(type, image);
    if (!stored.equals(image) && !type.isFloat()) {
      return stored.width(); // may wrap around
    }
    double real = Outward.multiplyUp(function.shift(x, move), 1 + SLACK);
    double rounding = function.isExact() ? 0 : 2 * Transfers.evaluation(type, image.magnitude());
    return Math.min(Outward.addUp(real, rounding), stored.width());
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    RealFunction function = function(call.attributes());
    ElementType type = call.type(0).elementType();
    if (function.isExact()) {
      return List.of(ErrorBound.EXACT);
    }
    return List.of(Transfers.evaluation(type, Ranges.at(ranges, 0).map(function::image)));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    RealFunction function = function(call.attributes());
    ElementType type = call.type(0).elementType();
    if (function.isExact() || !type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    double ulp = 2 * Transfers.unitRoundoff(type);
    double[] x = call.tensor(0).toDoubles();
    double[] y = outputs.getFirst().toDoubles();
    double[] allowed =
        IntStream.range(0, x.length)
            .mapToDouble(i -> allowance(function.roundoff(x[i], y[i], ulp), y[i], ulp, type))
            .toArray();
    return List.of(ErrorBound.perElement(allowed));
  }

  /**
   * Adds the rounding of the reference where there is one; infinities and NaN have to be met
   * exactly.
   */
  private static double allowance(double roundoff, double y, double ulp, ElementType type) {
    return Double.isFinite(y) && roundoff > 0
        ? roundoff + ulp * Math.abs(y) + 2 * Transfers.smallest(type)
        : 0;
  }
}
