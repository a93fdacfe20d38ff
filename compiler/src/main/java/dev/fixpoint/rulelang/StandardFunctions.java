package dev.fixpoint.rulelang;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** The native functions that come with the rule language. */
final class StandardFunctions {
  private StandardFunctions() {}

  static NativeLibrary library() {
    return NativeLibrary.EMPTY
        .with("or_else", 2, StandardFunctions::orElse)
        .with("along", 3, StandardFunctions::along)
        .with("filled", 2, StandardFunctions::filled)
        .with("fold_batch_norm", 7, 7, 2, StandardFunctions::foldBatchNorm);
  }

  /** {@code or_else(a, b)}: a, or b where a is absent. */
  private static List<Computed> orElse(NativeCall call) {
    Computed first = call.find(0);
    return List.of(first == null ? call.tensor(1) : first);
  }

  /**
   * {@code along(k, w, axis)}: a vector, or a single number, in the shape in which it broadcasts
   * along an axis of w.
   */
  private static List<Computed> along(NativeCall call) {
    Computed vector = call.tensor(0);
    Shape target = call.tensor(1).shape();
    int rank = target.rank();
    int axis = Math.toIntExact(call.integer(2));
    axis = axis < 0 ? axis + rank : axis;
    long count = vector.tensor().elementCount();
    if (axis < 0 || axis >= rank || (count != 1 && count != target.size(axis))) {
      throw call.refuse(
          count + " elements do not stand along axis " + call.integer(2) + " of " + target);
    }
    long[] sizes = new long[rank];
    Arrays.fill(sizes, 1);
    sizes[axis] = count;
    return List.of(
        Arithmetic.call(
                StandardOps.RESHAPE,
                Attributes.NONE,
                List.of(vector, Computed.untyped(Tensor.vector(sizes))),
                1)
            .getFirst());
  }

  /** {@code filled(v, n)}: a vector of n times the number v. */
  private static List<Computed> filled(NativeCall call) {
    double value = call.number(0);
    int count = Math.toIntExact(call.integer(1));
    if (count < 0 || count > 1 << 28) {
      throw call.refuse("a vector cannot have " + count + " elements");
    }
    double[] values = new double[count];
    Arrays.fill(values, value);
    return List.of(
        new Computed(
            Tensor.ofDoubles(ElementType.DOUBLE, Shape.of(count), values),
            null,
            call.tensor(0).stored()));
  }

  /**
   * {@code (w1, b1) = fold_batch_norm(w, b, scale, bias, mean, variance, epsilon)}: with {@code k =
   * scale / √(variance + epsilon)}, {@code w1 = w·k} along axis 0 and {@code b1 = (b - mean)·k +
   * bias}; b may be absent.
   */
  private static List<Computed> foldBatchNorm(NativeCall call) {
    Computed weights = call.tensor(0);
    Computed before = call.find(1);
    Computed mean = call.tensor(4);
    Computed variance = plus(call.tensor(5), call.tensor(6));
    Computed deviation = Arithmetic.apply(StandardOps.SQRT, List.of(variance));
    Computed gain = Arithmetic.apply(StandardOps.DIV, List.of(call.tensor(2), deviation));
    Computed along =
        along(new NativeCall("fold_batch_norm", Arrays.asList(gain, weights, Computed.integer(0))))
            .getFirst();
    Computed centred =
        before == null
            ? Arithmetic.apply(StandardOps.NEG, List.of(mean))
            : Arithmetic.apply(StandardOps.SUB, List.of(before, mean));
    Computed scaled = Arithmetic.apply(StandardOps.MUL, List.of(centred, gain));
    return List.of(
        Arithmetic.apply(StandardOps.MUL, List.of(weights, along)), plus(scaled, call.tensor(3)));
  }

  private static Computed plus(Computed a, Computed b) {
    return Arithmetic.apply(StandardOps.ADD, List.of(a, b));
  }
}
