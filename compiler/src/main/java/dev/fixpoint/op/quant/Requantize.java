package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same values under other parameters: {@code saturate(rint((float(x - zx) * sx) / sy) + zy)},
 * every step one float32 operation. This is DequantizeLinear and QuantizeLinear in one.
 */
public final class Requantize implements OpDefinition {
  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("Requantize"))
          .versions(1)
          .input("x", QuantTypes.INTEGERS)
          .input("x_scale", QuantTypes.FLOAT)
          .optionalInput("x_zero_point", QuantTypes.INTEGERS)
          .input("y_scale", QuantTypes.FLOAT)
          .optionalInput("y_zero_point", QuantTypes.INTEGERS)
          .output("y", QuantTypes.INTEGERS)
          .doc("The same values under another scale and zero point.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(OutputParameters.elementType(call, 3, 4), call.type(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    return List.of(convert(x, OutputParameters.of(call, 3, 4)));
  }

  /** A quantized tensor under other parameters. */
  static Tensor convert(Quantized x, QuantParams output) {
    IntegerOutput integers = new IntegerOutput(output.elementType(), x.tensor().shape());
    float[] reals = x.reals();
    for (int i = 0; i < reals.length; i++) {
      integers.set(i, output.quantize(reals[i], 0));
    }
    return integers.tensor();
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    if (!OutputParameters.known(call, 1, 2, 3, 4)) {
      return List.of(Range.of(StepTransfers.all(OutputParameters.elementType(call, 3, 4))));
    }
    Interval real = StepTransfers.reals(call, ranges, 0, 1, 2);
    return List.of(Range.of(StepTransfers.quantized(real, OutputParameters.of(call, 3, 4))));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 3, 4);
    boolean known = OutputParameters.known(call, 1, 2, 3, 4);
    if (!known || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    QuantParams output = OutputParameters.of(call, 3, 4);
    double magnitude = StepTransfers.reals(call, ranges, 0, 1, 2).magnitude();
    ErrorBound real = errors.get(0).scaledBy(call.tensor(1).doubleAt(0));
    return List.of(StepTransfers.quantized(real, magnitude, output));
  }

  /** Exact: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public Expansion expansion(OpCall call) {
    ExpansionChain chain = new ExpansionChain();
    return chain
        .start(
            OpId.of("DequantizeLinear"),
            Attributes.NONE,
            List.of(
                Expansion.input(0),
                Expansion.input(1),
                chain.zeroPoint(call, 2, call.type(0).elementType())))
        .then(
            OpId.of("QuantizeLinear"),
            Attributes.NONE,
            Expansion.input(3),
            chain.zeroPoint(call, 4, OutputParameters.elementType(call, 3, 4)))
        .build();
  }
}
