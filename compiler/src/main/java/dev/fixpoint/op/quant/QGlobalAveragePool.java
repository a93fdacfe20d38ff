package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean over all spatial positions of each channel of a quantized tensor {@code [N, C,
 * spatial]}, requantized once.
 */
public final class QGlobalAveragePool implements OpDefinition {
  private static final OpSchema SCHEMA =
      Averages.schema(OpId.fixpoint("QGlobalAveragePool"))
          .doc("Mean over all spatial positions, requantized once.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    for (int d = 2; shape.isRanked() && d < shape.rank(); d++) {
      shape = shape.with(d, Dimension.of(1));
    }
    return List.of(new TensorType(OutputParameters.elementType(call, 3, 4), shape));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    QuantParams output = OutputParameters.of(call, 3, 4);
    Shape shape = inferTypes(call).getFirst().shape();
    IntegerOutput means = new IntegerOutput(output.elementType(), shape);
    int[] centred = x.centred();
    int count = Math.toIntExact(centred.length / Math.max(1, shape.elementCount()));
    for (int plane = 0; plane < shape.elementCount(); plane++) {
      long sum = 0;
      for (int i = plane * count; i < (plane + 1) * count; i++) {
        sum += centred[i];
      }
      means.set(plane, Averages.mean(sum, count, x.scale(), output));
    }
    return List.of(means.tensor());
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Averages.range(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return Averages.error(call, id(), ranges, errors);
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
    return Averages.expansion(call, OpId.microsoft("QLinearGlobalAveragePool"));
  }
}
