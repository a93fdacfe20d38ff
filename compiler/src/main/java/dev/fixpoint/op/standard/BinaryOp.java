package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.Entries;
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
 * A function of two elements, with broadcasting and a result of the type of the first operand. A
 * definition says what is special: schema and function. Arithmetic on integer tensors wraps around
 * as two's complement numbers do.
 */
abstract class BinaryOp implements OpDefinition {
  private final OpSchema schema;

  BinaryOp(OpSchema schema) {
    this.schema = schema;
  }

  /** The function, with the attributes of a call. */
  abstract BinaryFunction function(Attributes attributes);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    ElementType type = Broadcasts.commonType(call);
    return List.of(new TensorType(type, Broadcasts.shape(call)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    Shape shape = Broadcasting.shape(a.shape(), b.shape());
    int[] atA = Broadcasting.offsets(a.shape(), shape);
    int[] atB = Broadcasting.offsets(b.shape(), shape);
    BinaryFunction function = function(call.attributes());
    if (!a.elementType().isFloat() && !b.elementType().isFloat()) {
      return List.of(integers(function, a, atA, b, atB, shape));
    }
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    double[] result = new double[atA.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.apply(left[atA[i]], right[atB[i]]);
    }
    return List.of(
        a.elementType().isFloat()
            ? Tensor.ofDoubles(a.elementType(), shape, result)
            : truncated(a.elementType(), shape, result));
  }

  private static Tensor truncated(ElementType type, Shape shape, double[] values) {
    return Tensor.ofBits(
        type, shape, Arrays.stream(values).mapToLong(x -> Conversion.truncated(x, type)).toArray());
  }

  private static Tensor integers(
      BinaryFunction function, Tensor a, int[] atA, Tensor b, int[] atB, Shape shape) {
    long[] left = a.toLongs();
    long[] right = b.toLongs();
    long[] result = new long[atA.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.applyInteger(left[atA[i]], right[atB[i]], a.elementType());
    }
    return Tensor.ofBits(a.elementType(), shape, result);
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    BinaryFunction function = function(call.attributes());
    ElementType type = call.type(0).elementType();
    boolean isSame = call.isSame(0, 1);
    return List.of(
        Broadcasts.entries(call, ranges)
            .range(
                x ->
                    Transfers.stored(
                        type,
                        isSame
                            ? function.imageOfSame(x[0], type)
                            : function.image(x[0], x[1], type))));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    BinaryFunction function = function(call.attributes());
    ElementType type = call.type(0).elementType();
    Entries entries = Broadcasts.entries(call, ranges, errors);
    return List.of(entries.error((x, moves) -> shift(function, type, x, moves)));
  }

  private static double shift(
      BinaryFunction function, ElementType type, Interval[] x, double[] moves) {
    Interval image = function.image(x[0], x[1], type);
    Interval stored = Transfers.stored(type, image);
    if (!type.isFloat() && !stored.equals(image)) {
      return stored.width(); // may wrap around
    }
    double real = function.shift(x[0], x[1], moves[0], moves[1], type);
    double rounding = function.isExact() ? 0 : 2 * Transfers.evaluation(type, image.magnitude());
    return Math.min(Outward.addUp(real, rounding), stored.width());
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    BinaryFunction function = function(call.attributes());
    if (function.isExact()) {
      return List.of(ErrorBound.EXACT);
    }
    ElementType type = call.type(0).elementType();
    Range real = Broadcasts.entries(call, ranges).range(x -> function.image(x[0], x[1], type));
    return List.of(Transfers.evaluation(type, real));
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    if (!type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    BinaryFunction function = function(call.attributes());
    double ulp = 2 * Transfers.unitRoundoff(type);
    Shape shape = outputs.getFirst().shape();
    int[] atA = Broadcasting.offsets(call.tensor(0).shape(), shape);
    int[] atB = Broadcasting.offsets(call.tensor(1).shape(), shape);
    double[] a = call.tensor(0).toDoubles();
    double[] b = call.tensor(1).toDoubles();
    double[] y = outputs.getFirst().toDoubles();
    double[] allowed = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      double roundoff = function.roundoff(a[atA[i]], b[atB[i]], y[i], ulp);
      allowed[i] = Double.isFinite(y[i]) ? roundoff : 0;
    }
    return List.of(ErrorBound.perElement(allowed));
  }
}
