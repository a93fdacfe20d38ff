package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Quantized tensors put together along an axis under the parameters of the output; each is
 * requantized, and unchanged where its parameters are those of the output. After scale and zero
 * point of the output come tensor, scale and zero point of each input.
 */
public final class QConcat implements OpDefinition {
  /** The axis; a negative one counts from the end. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis").required();

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QConcat"))
          .versions(1)
          .input("y_scale", QuantTypes.FLOAT)
          .optionalInput("y_zero_point", QuantTypes.INTEGERS)
          .variadicInput("inputs", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT))
          .output("y", QuantTypes.INTEGERS)
          .attributes(AXIS)
          .doc("Quantized tensors along an axis, under the parameters of the output.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return ConcatInputs.infer(call);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return ConcatInputs.evaluate(call);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    if (!ConcatInputs.parametersKnown(call)) {
      return List.of(Range.of(StepTransfers.all(OutputParameters.elementType(call, 0, 1))));
    }
    Interval image = null;
    for (int input = 2; input < call.inputCount(); input += 3) {
      Interval real = StepTransfers.reals(call, ranges, input, input + 1, input + 2);
      Interval part = StepTransfers.quantized(real, OutputParameters.of(call, 0, 1));
      image = image == null ? part : image.join(part);
    }
    return List.of(Range.of(image == null ? Interval.ZERO : image));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return ConcatInputs.error(call, id(), ranges, errors);
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
    List<String> inputs = new ArrayList<>();
    inputs.add(Expansion.input(0));
    inputs.add(chain.zeroPoint(call, 1, OutputParameters.elementType(call, 0, 1)));
    for (int input = 2; input < call.inputCount(); input += 3) {
      inputs.add(Expansion.input(input));
      inputs.add(Expansion.input(input + 1));
      inputs.add(chain.zeroPoint(call, input + 2, call.type(input).elementType()));
    }
    return chain.start(OpId.microsoft("QLinearConcat"), call.attributes(), inputs).build();
  }
}
