package dev.fixpoint.rulelang;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far constants computed in double can be from the numbers that are meant. Arithmetic adds a
 * rounding of each result to what its operands bring along; operators that only move elements move
 * their errors with them; for the others, their own error transfer is asked.
 */
final class RoundingErrors {
  /** More than all roundings of the error terms themselves take away. */
  private static final double OUTWARD = 1 + 0x1p-40;

  private static final Set<OpDefinition> EXACT_SELECTIONS =
      Set.of(
          StandardOps.TRANSPOSE,
          StandardOps.RESHAPE,
          StandardOps.FLATTEN,
          StandardOps.SQUEEZE,
          StandardOps.UNSQUEEZE,
          StandardOps.CONCAT,
          StandardOps.SLICE,
          StandardOps.SPLIT,
          StandardOps.GATHER,
          StandardOps.EXPAND,
          StandardOps.TILE,
          StandardOps.IDENTITY);

  private RoundingErrors() {}

  /** The errors of each result; null where there are none. */
  static List<@Nullable Tensor> of(
      OpDefinition op, OpCall call, List<@Nullable Computed> inputs, List<Tensor> results) {
    boolean exactInputs = inputs.stream().noneMatch(c -> c != null && c.errors() != null);
    boolean floats = results.stream().anyMatch(t -> t.elementType().isFloat());
    if (!floats || (exactInputs && EXACT_SELECTIONS.contains(op))) {
      List<@Nullable Tensor> none = new ArrayList<>();
      results.forEach(_ -> none.add(null));
      return none;
    }
    if (EXACT_SELECTIONS.contains(op)) {
      return moved(op, call, inputs);
    }
    Tensor elementwise = elementwise(op, inputs, results.getFirst());
    if (elementwise != null) {
      List<@Nullable Tensor> one = new ArrayList<>();
      one.add(elementwise);
      return one;
    }
    return transferred(op, call, inputs, results);
  }

  private static List<@Nullable Tensor> moved(
      OpDefinition op, OpCall call, List<@Nullable Computed> inputs) {
    List<@Nullable Tensor> errors = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Computed input = inputs.get(i);
      errors.add(input != null && input.isFloat() ? errors(input) : call.constant(i));
    }
    List<@Nullable Tensor> moved = new ArrayList<>();
    moved.addAll(op.evaluate(OpCall.ofTensors(call.attributes(), errors, call.outputCount())));
    return moved;
  }

  private static @Nullable Tensor elementwise(
      OpDefinition op, List<@Nullable Computed> inputs, Tensor result) {
    Computed a = inputs.isEmpty() ? null : inputs.getFirst();
    Computed b = inputs.size() < 2 ? null : inputs.get(1);
    if (a == null) {
      return null;
    }
    if (op == StandardOps.NEG || op == StandardOps.ABS) {
      return a.errors();
    }
    if (op == StandardOps.SQRT) {
      return rounded(sqrt(a, result), result);
    }
    if (b == null) {
      return null;
    }
    if (op == StandardOps.ADD || op == StandardOps.SUB) {
      return rounded(call(StandardOps.ADD, errors(a), errors(b)), result);
    }
    if (op == StandardOps.MUL) {
      Tensor byA = call(StandardOps.MUL, errors(a), sum(magnitude(b), errors(b)));
      return rounded(sum(byA, call(StandardOps.MUL, magnitude(a), errors(b))), result);
    }
    return op == StandardOps.DIV ? rounded(quotient(a, b, result), result) : null;
  }

  /** With a real a' near a: √a' - √a = (a' - a) / (√a' + √a), and √a' is not negative. */
  private static Tensor sqrt(Computed a, Tensor result) {
    double[] errors = a.errorValues();
    double[] roots = result.toDoubles();
    for (int i = 0; i < errors.length; i++) {
      errors[i] = errors[i] == 0 ? 0 : errors[i] / roots[i];
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, result.shape(), errors);
  }

  /** a'/b' - a/b = (a' - a)/b' - (a/b)(b' - b)/b', where |b'| is at least |b| less its error. */
  private static Tensor quotient(Computed a, Computed b, Tensor result) {
    double[] least = b.values();
    double[] errors = b.errorValues();
    for (int i = 0; i < least.length; i++) {
      least[i] = Math.max(0, Math.abs(least[i]) - errors[i]);
    }
    Tensor divisor = Tensor.ofDoubles(ElementType.DOUBLE, b.shape(), least);
    Tensor moved = call(StandardOps.MUL, absolute(result), errors(b));
    return call(StandardOps.DIV, sum(errors(a), moved), divisor);
  }

  private static Tensor rounded(Tensor errors, Tensor result) {
    double[] values = result.toDoubles();
    double[] sum = errors.toDoubles();
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.nextUp((sum[i] + Math.ulp(values[i]) / 2) * OUTWARD);
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, result.shape(), sum);
  }

  private static List<@Nullable Tensor> transferred(
      OpDefinition op, OpCall call, List<@Nullable Computed> inputs, List<Tensor> results) {
    List<@Nullable Range> ranges = new ArrayList<>();
    List<ErrorBound> moves = new ArrayList<>();
    for (Computed input : inputs) {
      boolean number = input != null && input.tensor().elementType().isNumeric();
      ranges.add(input == null ? null : number ? widened(input) : Range.ALL);
      moves.add(
          input == null || input.errors() == null
              ? ErrorBound.EXACT
              : ErrorBound.perElement(input.errorValues()));
    }
    List<ErrorBound> transfer = op.errorTransfer(call, ranges, moves);
    List<ErrorBound> local = op.localError(call, ranges);
    List<@Nullable Tensor> errors = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      errors.add(spread(transfer.get(i).plus(local.get(i)), results.get(i).shape()));
    }
    return errors;
  }

  private static Range widened(Computed input) {
    double[] values = input.values();
    double[] errors = input.errorValues();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        return Range.ALL;
      }
      low = Math.min(low, Math.nextDown(values[i] - errors[i]));
      high = Math.max(high, Math.nextUp(values[i] + errors[i]));
    }
    return values.length == 0 ? Range.of(0, 0) : Range.of(low, high);
  }

  private static @Nullable Tensor spread(ErrorBound bound, Shape shape) {
    if (bound instanceof ErrorBound.Exact) {
      return null;
    }
    double[] errors = new double[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = bound.at(i, shape);
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, shape, errors);
  }

  private static Tensor errors(Computed computed) {
    Tensor errors = computed.errors();
    return errors != null
        ? errors
        : Tensor.ofDoubles(ElementType.DOUBLE, computed.shape(), computed.errorValues());
  }

  private static Tensor magnitude(Computed computed) {
    return absolute(computed.tensor());
  }

  private static Tensor absolute(Tensor tensor) {
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, tensor.shape(), values);
  }

  private static Tensor sum(Tensor a, Tensor b) {
    return call(StandardOps.ADD, a, b);
  }

  private static Tensor call(OpDefinition op, Tensor a, Tensor b) {
    return op.evaluate(OpCall.ofTensors(Attributes.NONE, List.of(a, b), 1)).getFirst();
  }
}
