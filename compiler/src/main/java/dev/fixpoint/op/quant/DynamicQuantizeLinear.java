package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ONNX DynamicQuantizeLinear (opset 11): quantizes to uint8 with parameters from the tensor's own
 * range, widened to hold zero: {@code scale = (max - min) / 255} and {@code zeroPoint =
 * saturate(rint(0 - min / scale))}, in float32. A tensor of zeros gets scale 1, which represents it
 * exactly.
 */
public final class DynamicQuantizeLinear implements OpDefinition {
  private static final float LEVELS = 255;

  private static final OpSchema SCHEMA =
      OpSchema.of("DynamicQuantizeLinear")
          .versions(11)
          .input("x", QuantTypes.FLOAT)
          .output("y", Set.of(ElementType.UINT8))
          .output("y_scale", QuantTypes.FLOAT)
          .output("y_zero_point", Set.of(ElementType.UINT8))
          .doc("Quantizes to uint8 with parameters from the tensor's own range.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(
        call.type(0).withElementType(ElementType.UINT8),
        new TensorType(ElementType.FLOAT, Shape.SCALAR),
        new TensorType(ElementType.UINT8, Shape.SCALAR));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    QuantParams params = parameters(x);
    return List.of(
            params.quantize(x),
            Tensor.ofFloats(Shape.SCALAR, params.scale(0)),
            Tensor.ofLongs(ElementType.UINT8, Shape.SCALAR, params.zeroPoint(0)))
        .subList(0, Math.max(1, call.outputCount()));
  }

  /** The parameters of a float32 tensor. */
  static QuantParams parameters(Tensor x) {
    return parameters(x.toFloats());
  }

  /** The parameters of float32 numbers. */
  static QuantParams parameters(float[] values) {
    float min = 0;
    float max = 0;
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    float scale = (max - min) / LEVELS;
    if (scale == 0) {
      return QuantParams.perTensor(ElementType.UINT8, 1, 0);
    }
    float zero = 0 - min / scale;
    long zeroPoint = (long) Math.clamp(Math.rint(zero), 0, LEVELS);
    return QuantParams.perTensor(ElementType.UINT8, scale, zeroPoint);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Range bytes = Range.of(StepTransfers.all(ElementType.UINT8));
    Range x = ranges.getFirst();
    double width = (x == null ? Range.ALL : x).hull().join(Interval.ZERO).width();
    double widest = Math.max(1, Outward.multiplyUp(width, (1 + 0x1p-20) / LEVELS));
    return List.of(bytes, Range.of(0, widest), bytes).subList(0, Math.max(1, call.outputCount()));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return Transfers.each(
        Math.max(1, call.outputCount()),
        errors.get(0) instanceof ErrorBound.Exact
            ? ErrorBound.EXACT
            : ErrorBound.unbounded("the parameters of " + id() + " move with its input"));
  }

  /** Unbounded, because the step depends on the values. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(
        Math.max(1, call.outputCount()),
        ErrorBound.unbounded("the step of " + id() + " depends on the values"));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(outputs.size(), ErrorBound.EXACT);
  }
}
