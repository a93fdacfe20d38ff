package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime QLinearSoftmax: {@code e^x / Σ e^x} of a quantized tensor, quantized. The attribute
 * {@code opset} says which Softmax is meant: along one axis from 13 on, over all axes from it on
 * before.
 */
public final class QLinearSoftmax implements OpDefinition {
  /** The axis; negative ones count from the end. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** Opset of the Softmax that is meant. */
  public static final Attribute<Long> OPSET = Attribute.ofInt("opset").required();

  private static final int SINGLE_AXIS = 13;

  private static final OpSchema SCHEMA =
      Averages.schema(OpId.microsoft("QLinearSoftmax"))
          .attributes(AXIS, OPSET)
          .doc("Softmax of quantized values.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withElementType(OutputParameters.elementType(call, 3, 4)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    QuantParams output = OutputParameters.of(call, 3, 4);
    Shape shape = x.tensor().shape();
    long given = call.get(AXIS);
    int axis = (int) (given < 0 ? given + shape.rank() : given);
    boolean single = call.get(OPSET) >= SINGLE_AXIS;
    int length = 1;
    int inner = 1;
    for (int d = axis; d < shape.rank(); d++) {
      length *= d == axis || !single ? shape.intSize(d) : 1;
      inner *= d > axis && single ? shape.intSize(d) : 1;
    }
    float[] reals = x.reals();
    IntegerOutput integers = new IntegerOutput(output.elementType(), shape);
    for (int group = 0; length > 0 && group < reals.length / length; group++) {
      int start = group / inner * length * inner + group % inner;
      softmax(reals, start, inner, length, output, integers);
    }
    return List.of(integers.tensor());
  }

  private static void softmax(
      float[] reals, int start, int step, int length, QuantParams output, IntegerOutput integers) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, reals[start + i * step]);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += Math.exp(reals[start + i * step] - largest);
    }
    for (int i = 0; i < length; i++) {
      int at = start + i * step;
      integers.set(at, output.quantize((float) (Math.exp(reals[at] - largest) / sum), 0));
    }
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Range.of(StepTransfers.all(OutputParameters.elementType(call, 3, 4))));
  }

  /** Softmax moves each result by at most the largest move of an argument. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 3, 4);
    boolean known = OutputParameters.known(call, 1, 2, 3, 4);
    if (!known || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    ErrorBound real = errors.get(0).uniform().scaledBy(call.tensor(1).doubleAt(0));
    return List.of(StepTransfers.quantized(real, 2, OutputParameters.of(call, 3, 4)));
  }

  /** Exact: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  /** Another order of the sum can cross a tie. */
  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.uniform(1));
  }
}
