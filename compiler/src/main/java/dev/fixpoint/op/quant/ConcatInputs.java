package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of QConcat and QLinearConcat: scale and zero point of the output, then tensor, scale
 * and zero point of each input.
 */
final class ConcatInputs {
  private static final int FIRST = 2;

  private ConcatInputs() {}

  static List<TensorType> infer(OpCall call) {
    if (call.inputCount() <= FIRST) {
      throw new IllegalArgumentException("there is nothing to concatenate");
    }
    Shape shape = call.type(FIRST).shape();
    for (int input = FIRST + 3; input < call.inputCount(); input += 3) {
      shape = joined(shape, call.type(input).shape(), call);
    }
    return List.of(new TensorType(OutputParameters.elementType(call, 0, 1), shape));
  }

  private static Shape joined(Shape a, Shape b, OpCall call) {
    if (!a.isRanked() || !b.isRanked()) {
      return Shape.UNRANKED;
    }
    int axis = axis(call, a.rank());
    if (a.rank() != b.rank()
        || !a.with(axis, Dimension.UNKNOWN).isCompatibleWith(b.with(axis, Dimension.UNKNOWN))) {
      throw new IllegalArgumentException("shapes " + a + " and " + b + " do not concatenate");
    }
    Dimension sum =
        a.dimension(axis) instanceof Dimension.Fixed p
                && b.dimension(axis) instanceof Dimension.Fixed q
            ? Dimension.of(Math.addExact(p.size(), q.size()))
            : Dimension.UNKNOWN;
    return a.with(axis, Dimension.UNKNOWN)
        .refinedBy(b.with(axis, Dimension.UNKNOWN))
        .with(axis, sum);
  }

  private static int axis(OpCall call, int rank) {
    long axis = call.get(QConcat.AXIS);
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("no axis " + axis + " in a tensor of rank " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  static List<Tensor> evaluate(OpCall call) {
    QuantParams output = OutputParameters.of(call, 0, 1);
    TensorType type = infer(call).getFirst();
    int axis = axis(call, type.shape().rank());
    List<Tensor> parts = new ArrayList<>();
    for (int input = FIRST; input < call.inputCount(); input += 3) {
      Quantized part = Quantized.of(call, input, input + 1, input + 2);
      parts.add(part.params().equals(output) ? part.tensor() : Requantize.convert(part, output));
    }
    return List.of(concatenated(parts, type, axis));
  }

  private static Tensor concatenated(List<Tensor> parts, TensorType type, int axis) {
    int outer = 1;
    for (int d = 0; d < axis; d++) {
      outer *= type.shape().intSize(d);
    }
    IntegerOutput output = new IntegerOutput(type.elementType(), type.shape());
    int start = 0;
    int pitch = Math.toIntExact(type.shape().elementCount() / Math.max(1, outer));
    for (Tensor part : parts) {
      int[] integers = Quantized.integers(part);
      int length = integers.length / Math.max(1, outer);
      for (int i = 0; i < integers.length; i++) {
        output.set(i / length * pitch + start + i % length, integers[i]);
      }
      start += length;
    }
    return output.tensor();
  }

  static boolean parametersKnown(OpCall call) {
    boolean known = OutputParameters.known(call, 0, 1);
    for (int input = FIRST; input < call.inputCount(); input += 3) {
      known &= OutputParameters.known(call, input + 1, input + 2);
    }
    return known;
  }

  static List<ErrorBound> error(
      OpCall call, OpId op, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    boolean known = parametersKnown(call) && steady(call, errors);
    if (!known) {
      return List.of(StepTransfers.exactOrUnknown(errors, op));
    }
    QuantParams output = OutputParameters.of(call, 0, 1);
    ErrorBound all = ErrorBound.EXACT;
    for (int input = FIRST; input < call.inputCount(); input += 3) {
      double scale = call.tensor(input + 1).doubleAt(0);
      ErrorBound real = StepTransfers.error(errors, input).uniform().scaledBy(scale);
      double magnitude = StepTransfers.reals(call, ranges, input, input + 1, input + 2).magnitude();
      all = all.join(StepTransfers.quantized(real, magnitude, output));
    }
    return List.of(all);
  }

  private static boolean steady(OpCall call, List<ErrorBound> errors) {
    boolean steady = StepTransfers.parameters(errors, 0, 1) instanceof ErrorBound.Exact;
    for (int input = FIRST; input < call.inputCount(); input += 3) {
      steady &= StepTransfers.parameters(errors, input + 1, input + 2) instanceof ErrorBound.Exact;
    }
    return steady;
  }
}
