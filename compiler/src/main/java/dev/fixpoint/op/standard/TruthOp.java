package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A function of two elements whose result is a truth value, with broadcasting. A definition says
 * what is special: schema, function, and what is known of intervals.
 */
abstract class TruthOp implements OpDefinition {
  private static final Interval EITHER = new Interval(0, 1);

  private final OpSchema schema;

  TruthOp(OpSchema schema) {
    this.schema = schema;
  }

  /** Whether it holds of two numbers. */
  abstract boolean holds(double a, double b);

  /** Whether it holds of two integers, unsigned 64-bit ones as bits, or of two truth values. */
  abstract boolean holdsInteger(long a, long b, ElementType type);

  /** Whether it holds of two strings. */
  boolean holdsText(String a, String b) {
    throw new IllegalArgumentException(id() + " is not defined on strings");
  }

  /** Whether it can hold of members of two intervals. */
  abstract boolean canHold(Interval a, Interval b);

  /** Whether it can fail to hold of members of two intervals. */
  abstract boolean canFail(Interval a, Interval b);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    Broadcasts.commonType(call);
    return List.of(new TensorType(ElementType.BOOL, Broadcasts.shape(call)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    Shape shape = Broadcasting.shape(a.shape(), b.shape());
    int[] atA = Broadcasting.offsets(a.shape(), shape);
    int[] atB = Broadcasting.offsets(b.shape(), shape);
    IntPredicate test = test(a, atA, b, atB);
    byte[] result = new byte[atA.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) (test.test(i) ? 1 : 0);
    }
    return List.of(Tensor.ofBytes(ElementType.BOOL, shape, result));
  }

  private IntPredicate test(Tensor a, int[] atA, Tensor b, int[] atB) {
    ElementType type = a.elementType();
    if (type == ElementType.STRING) {
      return i -> holdsText(a.strings().get(atA[i]), b.strings().get(atB[i]));
    }
    if (type.isFloat()) {
      double[] left = a.toDoubles();
      double[] right = b.toDoubles();
      return i -> holds(left[atA[i]], right[atB[i]]);
    }
    long[] left = a.toLongs();
    long[] right = b.toLongs();
    return i -> holdsInteger(left[atA[i]], right[atB[i]], type);
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Broadcasts.entries(call, ranges).range(x -> image(x[0], x[1])));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(
        Broadcasts.entries(call, ranges, errors).error((x, _) -> image(x[0], x[1]).width()));
  }

  private Interval image(Interval a, Interval b) {
    if (canHold(a, b) && canFail(a, b)) {
      return EITHER;
    }
    return Interval.point(canHold(a, b) ? 1 : 0);
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
