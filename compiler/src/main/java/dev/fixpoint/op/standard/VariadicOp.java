package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of any number of elements at the same position, with broadcasting. A definition says
 * what is special: schema, function, image and error.
 */
abstract class VariadicOp implements OpDefinition {
  private final OpSchema schema;

  VariadicOp(OpSchema schema) {
    this.schema = schema;
  }

  /** The function of two of them, to be folded, in double. */
  abstract double fold(double a, double b);

  /** The function of two integers. */
  abstract long foldInteger(long a, long b, ElementType type);

  /** What becomes of the folded value. */
  double finish(double folded, int count) {
    return folded;
  }

  /** An interval that holds the values. */
  abstract Interval image(Interval[] x);

  /** How far values move at most. */
  abstract double shift(double[] moves);

  /** Whether values need no rounding. */
  abstract boolean isExact();

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(Broadcasts.commonType(call), Broadcasts.shape(call)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    TensorType type = inferTypes(call).getFirst();
    return List.of(type.elementType().isFloat() ? floats(call, type) : integers(call, type));
  }

  private Tensor floats(OpCall call, TensorType type) {
    double[] result = new double[Math.toIntExact(type.shape().elementCount())];
    for (int input = 0; input < call.inputCount(); input++) {
      double[] x = call.tensor(input).toDoubles();
      int[] at = Broadcasting.offsets(call.type(input).shape(), type.shape());
      for (int i = 0; i < result.length; i++) {
        result[i] = input == 0 ? x[at[i]] : fold(result[i], x[at[i]]);
      }
    }
    Arrays.setAll(result, i -> finish(result[i], call.inputCount()));
    return Tensor.ofDoubles(type.elementType(), type.shape(), result);
  }

  private Tensor integers(OpCall call, TensorType type) {
    long[] result = new long[Math.toIntExact(type.shape().elementCount())];
    for (int input = 0; input < call.inputCount(); input++) {
      long[] x = call.tensor(input).toLongs();
      int[] at = Broadcasting.offsets(call.type(input).shape(), type.shape());
      for (int i = 0; i < result.length; i++) {
        result[i] = input == 0 ? x[at[i]] : foldInteger(result[i], x[at[i]], type.elementType());
      }
    }
    return Tensor.ofBits(type.elementType(), type.shape(), result);
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    return List.of(Broadcasts.entries(call, ranges).range(x -> Transfers.stored(type, image(x))));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ElementType type = call.type(0).elementType();
    return List.of(
        Broadcasts.entries(call, ranges, errors)
            .error(
                (x, moves) -> {
                  Interval image = image(x);
                  double rounding =
                      isExact() ? 0 : 2 * Transfers.evaluation(type, image.magnitude());
                  double width = Transfers.stored(type, image).width();
                  return Math.min(Outward.addUp(shift(moves), rounding), width);
                }));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    if (isExact()) {
      return List.of(ErrorBound.EXACT);
    }
    Range real = Broadcasts.entries(call, ranges).range(this::image);
    return List.of(Transfers.evaluation(call.type(0).elementType(), real));
  }

  /** The usual bound of a sum in any order, {@code γₙ Σ|x|} (Higham, 2002, section 4.2). */
  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    if (isExact() || !type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    Shape shape = outputs.getFirst().shape();
    double[] sums = new double[Math.toIntExact(shape.elementCount())];
    for (int input = 0; input < call.inputCount(); input++) {
      double[] x = call.tensor(input).toDoubles();
      int[] at = Broadcasting.offsets(call.type(input).shape(), shape);
      Arrays.setAll(sums, i -> sums[i] + Math.abs(x[at[i]]));
    }
    // One more rounding for the division of a mean, one for that of the reference.
    double gamma = Transfers.gamma(type, call.inputCount() + 2);
    double least = 2 * Transfers.smallest(type);
    Arrays.setAll(sums, i -> Double.isFinite(sums[i]) ? gamma * sums[i] + least : 0);
    return List.of(ErrorBound.perElement(sums));
  }
}
