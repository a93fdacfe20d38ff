package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * QuantizeLinear followed by DequantizeLinear with the same parameters: what quantization does to a
 * value, in float. The integer type is that of the zero point; without one it is uint8.
 */
public final class FakeQuant implements OpDefinition {
  private static final QuantizeLinear QUANTIZE = new QuantizeLinear();
  private static final DequantizeLinear DEQUANTIZE = new DequantizeLinear();

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FakeQuant"))
          .versions(1)
          .input("x", QuantTypes.FLOATS)
          .input("scale", QuantTypes.FLOATS)
          .optionalInput("zero_point", QuantTypes.INTEGERS)
          .output("y", QuantTypes.FLOATS)
          .attributes(QuantizeLinear.AXIS, QuantizeLinear.BLOCK_SIZE)
          .doc("Moves real numbers onto the grid of a scale and zero point.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    LinearCall.requireParameters(call);
    return List.of(new TensorType(call.type(1).elementType(), call.type(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(call.tensor(0));
    inputs.add(call.tensor(1));
    inputs.add(call.constant(2));
    Tensor quantized = QUANTIZE.evaluate(OpCall.ofTensors(call.attributes(), inputs, 1)).getFirst();
    inputs.set(0, quantized);
    return DEQUANTIZE.evaluate(OpCall.ofTensors(call.attributes(), inputs, 1));
  }

  private static ElementType integers(OpCall call) {
    return call.hasInput(2) ? call.type(2).elementType() : ElementType.UINT8;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    LinearTransfer transfer = LinearTransfer.of(call, integers(call));
    return List.of(
        transfer == null
            ? Range.ALL
            : transfer.both(LinearCall.range(ranges), call.type(1).elementType()));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    LinearTransfer transfer = LinearTransfer.of(call, integers(call));
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2);
    if (transfer == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    return List.of(transfer.reals(transfer.steps(errors.get(0)), call.type(1).elementType()));
  }

  /** Half a step and what saturation cuts off; for a constant what really becomes of it. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    LinearTransfer transfer = LinearTransfer.of(call, integers(call));
    if (transfer == null) {
      return List.of(StepTransfers.parametersUnknown(id()));
    }
    Tensor constant = call.constant(0);
    return List.of(
        constant == null
            ? transfer.distance(LinearCall.range(ranges))
            : transfer.distance(constant, evaluate(call).getFirst()));
  }

  @Override
  public boolean approximates() {
    return true;
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public Expansion expansion(OpCall call) {
    Attributes attributes = call.attributes();
    String zeroPoint = call.hasInput(2) ? Expansion.input(2) : "";
    Expansion.Builder build = Expansion.builder();
    String quantized =
        build.call(
            QUANTIZE.id(),
            attributes,
            List.of(Expansion.input(0), Expansion.input(1), zeroPoint),
            "quantized");
    build.call(
        DEQUANTIZE.id(),
        attributes,
        List.of(quantized, Expansion.input(1), zeroPoint),
        Expansion.output(0));
    return build.build();
  }
}
