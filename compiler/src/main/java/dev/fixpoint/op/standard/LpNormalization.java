package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LpNormalization of ONNX (opset 22): elements over the 1-norm or 2-norm of their line along an
 * axis. A line of zeros stays zero.
 */
public final class LpNormalization implements OpDefinition {
  /** The axis of a line; negative counts from the end. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** The norm: 1 or 2. */
  public static final Attribute<Long> P = Attribute.ofInt("p", 2);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("LpNormalization")
          .versions(1, 22)
          .input("input", Types.FLOATS)
          .output("output", Types.FLOATS)
          .attributes(AXIS, P)
          .doc("Elements over the norm of their line.");

  /** Relative distance that covers sums in double. */
  private static final double SLACK = 0x1p-30;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    if (call.type(0).shape().isRanked()) {
      GroupSizes.axis(call, AXIS);
    }
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Grouping lines = lines(call);
    double[] y = x.toDoubles();
    for (int line = 0; line < lines.groups(); line++) {
      double norm = norm(call, y, lines, line);
      for (int i = 0; i < lines.size(); i++) {
        int at = lines.at(line, i);
        y[at] = norm == 0 ? 0 : y[at] / norm;
      }
    }
    return List.of(Tensor.ofDoubles(x.elementType(), x.shape(), y));
  }

  private static Grouping lines(OpCall call) {
    Shape shape = call.type(0).shape();
    boolean[] reduced = new boolean[shape.rank()];
    reduced[GroupSizes.axis(call, AXIS)] = true;
    return Grouping.over(shape, reduced);
  }

  private static double norm(OpCall call, double[] x, Grouping lines, int line) {
    long p = call.get(P);
    if (p != 1 && p != 2) {
      throw new IllegalArgumentException("attribute 'p' should be 1 or 2, but is " + p);
    }
    double sum = 0;
    for (int i = 0; i < lines.size(); i++) {
      double value = x[lines.at(line, i)];
      sum += p == 1 ? Math.abs(value) : value * value;
    }
    return p == 1 ? sum : Math.sqrt(sum);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    double most = 1 + SLACK;
    return List.of(
        Ranges.at(ranges, 0)
            .map(
                x ->
                    Transfers.stored(
                        type, new Interval(x.low() < 0 ? -most : 0, x.high() > 0 ? most : 0))));
  }

  /**
   * {@code |x/a - x'/b| <= (|x - x'| + |a - b|) / b}, and norms move by no more than the norm of
   * the errors; an element on its own line is at least as far from zero as its interval.
   */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (error instanceof ErrorBound.Exact || error instanceof ErrorBound.Unbounded) {
      return List.of(error);
    }
    Shape shape = call.type(0).shape();
    Interval x = Ranges.at(ranges, 0).hull();
    int axis = shape.isRanked() ? GroupSizes.axis(call, AXIS) : 0;
    boolean known = shape.isRanked() && shape.dimension(axis).isFixed();
    double moved = 2;
    if (known && !x.contains(0)) {
      double root =
          call.get(P) == 1 ? (double) shape.size(axis) : Math.sqrt((double) shape.size(axis));
      double least = Math.min(Math.abs(x.low()), Math.abs(x.high())) * root;
      moved = Math.min(2, error.max() * (1 + root) / least);
    }
    double rounding = Transfers.halfUlp(call.type(0).elementType(), 1 + SLACK);
    return List.of(ErrorBound.uniform((moved + 2 * rounding) * (1 + SLACK) + SLACK));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    double rounding = Transfers.halfUlp(call.type(0).elementType(), 1 + SLACK);
    return List.of(ErrorBound.uniform(rounding + SLACK));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    double product = (lines(call).size() + 8) * Transfers.unitRoundoff(type);
    double relative = product < 1 ? product / (1 - product) : Double.POSITIVE_INFINITY;
    double[] y = outputs.getFirst().toDoubles();
    for (int i = 0; i < y.length; i++) {
      double magnitude = Math.abs(y[i]);
      y[i] = relative * magnitude + Transfers.halfUlp(type, magnitude) + Transfers.smallest(type);
    }
    return List.of(ErrorBound.perElement(y));
  }
}
