package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of two quantized tensors, with broadcasting: {@code f = float(a - za) * sa + float(b -
 * zb) * sb}, the activation, then {@code saturate(rint(f / sy) + zy)}; every step one float32
 * operation.
 */
public final class QAdd implements OpDefinition {
  private static final OpSchema SCHEMA =
      BinaryQuant.schema(OpId.fixpoint("QAdd"))
          .attributes(Activation.KIND, Activation.PARAMETERS)
          .doc("Sum of quantized tensors, requantized once.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return BinaryQuant.infer(call);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return BinaryQuant.evaluate(call, (a, b) -> a + b);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return BinaryQuant.range(call, ranges, Interval::plus);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return BinaryQuant.error(
        call, id(), ranges, errors, Interval::plus, (a, aError, b, bError) -> aError + bError);
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
  public @Nullable Expansion expansion(OpCall call) {
    return BinaryQuant.expansion(call, OpId.microsoft("QLinearAdd"));
  }
}
