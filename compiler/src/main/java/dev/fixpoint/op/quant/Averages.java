package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of quantized values: {@code sum = Σ(x - zx)} exactly, {@code M = sx / (float(n) * sy)},
 * then {@code saturate(rint(float(sum) * M) + zy)}. Inputs: x, scale, zero point, output scale,
 * output zero point.
 */
final class Averages {
  private Averages() {}

  static OpSchema.Builder schema(OpId id) {
    return OpSchema.of(id)
        .versions(1)
        .input("x", QuantTypes.INTEGERS)
        .input("x_scale", QuantTypes.FLOAT)
        .optionalInput("x_zero_point", QuantTypes.INTEGERS)
        .input("y_scale", QuantTypes.FLOAT)
        .optionalInput("y_zero_point", QuantTypes.INTEGERS)
        .output("y", QuantTypes.INTEGERS);
  }

  /** The quantized mean of {@code count} values with the given sum. */
  static long mean(long sum, int count, float xScale, QuantParams output) {
    float multiplier = xScale / ((float) count * output.scale(0));
    double rounded = Math.rint((float) sum * multiplier);
    return QuantParams.saturate(
        rounded,
        output.zeroPoint(0),
        output.elementType().minInteger(),
        output.elementType().maxInteger());
  }

  static List<Range> range(OpCall call, List<@Nullable Range> ranges) {
    if (!OutputParameters.known(call, 1, 2, 3, 4)) {
      return List.of(Range.of(StepTransfers.all(OutputParameters.elementType(call, 3, 4))));
    }
    // Padding that counts has the value 0.
    Interval real = StepTransfers.reals(call, ranges, 0, 1, 2).join(Interval.ZERO);
    return List.of(Range.of(StepTransfers.quantized(StepTransfers.relative(real), params(call))));
  }

  static List<ErrorBound> error(
      OpCall call, OpId op, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 3, 4);
    boolean known = OutputParameters.known(call, 1, 2, 3, 4);
    if (!known || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, op));
    }
    double magnitude = StepTransfers.reals(call, ranges, 0, 1, 2).magnitude();
    ErrorBound real = errors.get(0).uniform().scaledBy(call.tensor(1).doubleAt(0));
    return List.of(StepTransfers.quantized(real, magnitude, params(call)));
  }

  private static QuantParams params(OpCall call) {
    return OutputParameters.of(call, 3, 4);
  }

  /** The same in an operator of ONNX Runtime, which takes 8 bits only. */
  static @Nullable Expansion expansion(OpCall call, OpId op) {
    ElementType x = call.type(0).elementType();
    ElementType y = OutputParameters.elementType(call, 3, 4);
    if (x.bits() != 8 || y.bits() != 8) {
      return null;
    }
    ExpansionChain chain = new ExpansionChain();
    List<String> inputs =
        List.of(
            Expansion.input(0),
            Expansion.input(1),
            chain.zeroPoint(call, 2, x),
            Expansion.input(3),
            chain.zeroPoint(call, 4, y));
    return chain.start(op, call.attributes(), inputs).build();
  }
}
