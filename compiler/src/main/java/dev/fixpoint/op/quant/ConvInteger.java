package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX ConvInteger (opset 10): the exact int32 convolution of 8-bit tensors less their zero points;
 * the zero point of the weights may differ by output channel. Padding has the value of the zero
 * point.
 */
public final class ConvInteger implements OpDefinition {
  private static final OpSchema SCHEMA =
      OpSchema.of("ConvInteger")
          .versions(10)
          .input("x", Types.BYTES)
          .input("w", Types.BYTES)
          .optionalInput("x_zero_point", Types.BYTES)
          .optionalInput("w_zero_point", Types.BYTES)
          .output("y", QuantTypes.INT32)
          .attributes(
              SlidingWindow.AUTO_PAD,
              SlidingWindow.DILATIONS,
              SlidingWindow.GROUP,
              SlidingWindow.KERNEL_SHAPE,
              SlidingWindow.PADS,
              SlidingWindow.STRIDES)
          .doc("Exact convolution of integers less their zero points.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(
        new TensorType(
            ElementType.INT32,
            IntegerConvolution.infer(
                call.attributes(), call.type(0).shape(), call.type(1).shape())));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.unscaled(call, 0, 2);
    Quantized w = Quantized.unscaled(call, 1, 3);
    IntegerConvolution convolution = IntegerConvolution.of(call.attributes(), x, w, null);
    IntegerOutput output =
        new IntegerOutput(ElementType.INT32, convolution.outputShape(x.tensor().shape().size(0)));
    convolution.forEachPlane(
        x.tensor().shape().intSize(0),
        false,
        (_, offset, plane) -> {
          for (int i = 0; i < plane.length; i++) {
            output.set(offset + i, plane[i]);
          }
        });
    return List.of(output.tensor());
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    AccumulatorBounds bounds = bounds(call, ranges);
    Interval all = StepTransfers.all(ElementType.INT32);
    if (bounds == null) {
      return List.of(Range.of(all));
    }
    return List.of(
        Range.perChannel(
            1, bounds.sums().stream().map(s -> s.clamped(all.low(), all.high())).toList()));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    AccumulatorBounds bounds = bounds(call, ranges);
    ErrorBound parameters = StepTransfers.parameters(errors, 2, 3);
    ErrorBound all = errors.get(0).uniform().join(errors.get(1).uniform());
    if (bounds == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    if (all instanceof ErrorBound.Exact || !all.isBounded()) {
      return List.of(all);
    }
    double[] moved = new double[bounds.channels()];
    for (int c = 0; c < moved.length; c++) {
      moved[c] = bounds.moved(c, errors.get(0).max(), errors.get(1).max());
    }
    return List.of(ErrorBound.perChannel(1, moved));
  }

  /** What is known of the sums; null where weights or zero points are computed. */
  private static @Nullable AccumulatorBounds bounds(OpCall call, List<@Nullable Range> ranges) {
    if (call.constant(1) == null || !OutputParameters.known(call, 2, 3)) {
      return null;
    }
    Quantized w = Quantized.unscaled(call, 1, 3);
    long zero = Quantized.zeroPoints(call.constant(2))[0];
    Interval x = StepTransfers.centred(ranges.get(0), call.type(0).elementType(), zero);
    return AccumulatorBounds.of(w.centred(0), w.tensor().shape().intSize(0), x, null);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return IntegerConvolution.multiplyAccumulates(
        inferTypes(call).getFirst().shape(), call.type(1).shape());
  }
}
