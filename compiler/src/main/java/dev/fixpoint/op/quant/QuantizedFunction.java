package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of single elements between quantized tensors: QuantizeLinear after the function, in
 * double and rounded to float32, after DequantizeLinear. Inputs: x, scale, zero point, output
 * scale, output zero point.
 */
abstract class QuantizedFunction implements OpDefinition {
  private final OpSchema schema;

  QuantizedFunction(OpSchema schema) {
    this.schema = schema;
  }

  /** The function over the reals. */
  abstract double apply(double x, Attributes attributes);

  /** A Lipschitz constant of the function. */
  abstract double lipschitz(Attributes attributes);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withElementType(OutputParameters.elementType(call, 3, 4)));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    QuantParams output = OutputParameters.of(call, 3, 4);
    IntegerOutput integers = new IntegerOutput(output.elementType(), x.tensor().shape());
    float[] reals = x.reals();
    for (int i = 0; i < reals.length; i++) {
      integers.set(i, output.quantize((float) apply(reals[i], call.attributes()), 0));
    }
    return List.of(integers.tensor());
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Range.of(StepTransfers.all(OutputParameters.elementType(call, 3, 4))));
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 3, 4);
    boolean known = OutputParameters.known(call, 1, 2, 3, 4);
    if (!known || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    double lipschitz = lipschitz(call.attributes());
    double magnitude = StepTransfers.reals(call, ranges, 0, 1, 2).magnitude() + 1;
    ErrorBound real = errors.get(0).scaledBy(call.tensor(1).doubleAt(0)).scaledBy(lipschitz);
    return List.of(
        StepTransfers.quantized(
            real, magnitude * Math.max(1, lipschitz), OutputParameters.of(call, 3, 4)));
  }

  /** Exact: the operator stands for its own specification. */
  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }
}
