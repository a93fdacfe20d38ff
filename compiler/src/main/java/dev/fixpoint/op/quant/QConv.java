package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution on integers with bias, residual and activation in its {@link Epilogue}; the output
 * is quantized, or float32 where {@code y_scale} is absent. Padding has the value of the zero
 * point. The residual has the shape of the output: quantized with a scale, or float32 without one.
 */
public final class QConv implements OpDefinition {
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;
  private static final int RESIDUAL = 9;
  private static final int R_SCALE = 10;
  private static final int R_ZERO = 11;

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QConv"))
          .versions(1)
          .input("x", QuantTypes.INTEGERS)
          .input("x_scale", QuantTypes.FLOAT)
          .optionalInput("x_zero_point", QuantTypes.INTEGERS)
          .input("w", QuantTypes.INTEGERS)
          .input("w_scale", QuantTypes.FLOAT)
          .optionalInput("w_zero_point", QuantTypes.INTEGERS)
          .optionalInput("bias", QuantTypes.INT32)
          .optionalInput("y_scale", QuantTypes.FLOAT)
          .optionalInput("y_zero_point", QuantTypes.INTEGERS)
          .optionalInput("residual", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT))
          .optionalInput("residual_scale", QuantTypes.FLOAT)
          .optionalInput("residual_zero_point", QuantTypes.INTEGERS)
          .output("y", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT))
          .attributes(
              SlidingWindow.AUTO_PAD,
              SlidingWindow.DILATIONS,
              SlidingWindow.GROUP,
              SlidingWindow.KERNEL_SHAPE,
              SlidingWindow.PADS,
              SlidingWindow.STRIDES,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("Integer convolution with bias, residual and activation, then one requantization.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(
        new TensorType(
            OutputParameters.elementType(call, Y_SCALE, Y_ZERO),
            IntegerConvolution.infer(
                call.attributes(), call.type(0).shape(), call.type(3).shape())));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    Quantized w = Quantized.of(call, 3, 4, 5);
    IntegerConvolution convolution =
        IntegerConvolution.of(call.attributes(), x, w, call.constant(BIAS));
    EpilogueOutput output =
        new EpilogueOutput(
            epilogue(call, x, w, convolution.features()),
            convolution.outputShape(x.tensor().shape().size(0)),
            residual(call));
    convolution.forEachPlane(
        x.tensor().shape().intSize(0), QuantTypes.isWide(call, 0, 3), output::plane);
    return List.of(output.tensor());
  }

  private static Epilogue epilogue(OpCall call, Quantized x, Quantized w, int features) {
    return Epilogue.of(
        x.scale(),
        w.scales(features),
        Activation.of(call.attributes()),
        OutputParameters.find(call, Y_SCALE, Y_ZERO));
  }

  private static float @Nullable [] residual(OpCall call) {
    if (!call.hasInput(RESIDUAL)) {
      return null;
    }
    return call.hasInput(R_SCALE)
        ? Quantized.of(call, RESIDUAL, R_SCALE, R_ZERO).reals()
        : call.tensor(RESIDUAL).toFloats();
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    EpilogueTransfer transfer = transfer(call, ranges);
    if (transfer == null) {
      ElementType type = OutputParameters.elementType(call, Y_SCALE, Y_ZERO);
      return List.of(type.isFloat() ? Range.ALL : Range.of(StepTransfers.all(type)));
    }
    return List.of(transfer.range(1));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    EpilogueTransfer transfer = transfer(call, ranges);
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 4, 5, 7, 8, 10, 11);
    if (transfer == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    ErrorBound residual = StepTransfers.error(errors, RESIDUAL);
    if (call.hasInput(R_SCALE)) {
      residual = residual.scaledBy(call.tensor(R_SCALE).doubleAt(0));
    }
    return List.of(
        transfer.error(
            1,
            StepTransfers.error(errors, 0),
            StepTransfers.error(errors, 3),
            StepTransfers.error(errors, BIAS),
            residual));
  }

  private @Nullable EpilogueTransfer transfer(OpCall call, List<@Nullable Range> ranges) {
    if (!OutputParameters.known(call, 1, 2, 3, 4, 5, BIAS, Y_SCALE, Y_ZERO, R_SCALE, R_ZERO)) {
      return null;
    }
    Quantized w = Quantized.of(call, 3, 4, 5);
    int features = w.tensor().shape().intSize(0);
    long[] zero = Quantized.zeroPoints(call.constant(2));
    Interval x = StepTransfers.centred(ranges.get(0), call.type(0).elementType(), zero[0]);
    Tensor bias = call.constant(BIAS);
    AccumulatorBounds bounds =
        AccumulatorBounds.of(
            w.centred(0), features, x, bias == null ? null : Quantized.integers(bias));
    QuantParams output = OutputParameters.find(call, Y_SCALE, Y_ZERO);
    Epilogue epilogue =
        Epilogue.of(
            Quantized.single(Quantized.scales(call.tensor(1))),
            w.scales(features),
            Activation.of(call.attributes()),
            output);
    return new EpilogueTransfer(epilogue, bounds, residualRange(call, ranges));
  }

  private static Interval residualRange(OpCall call, List<@Nullable Range> ranges) {
    if (!call.hasInput(RESIDUAL)) {
      return Interval.ZERO;
    }
    Range range = ranges.get(RESIDUAL);
    if (!call.hasInput(R_SCALE)) {
      return range == null ? Interval.ALL : range.hull();
    }
    long[] zero = Quantized.zeroPoints(call.constant(R_ZERO));
    Interval integers = StepTransfers.centred(range, call.type(RESIDUAL).elementType(), zero[0]);
    return StepTransfers.relative(integers.times(call.tensor(R_SCALE).doubleAt(0)));
  }

  /** Exact where the output is quantized: the operator stands for its own specification. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    if (call.hasInput(Y_SCALE)) {
      return Transfers.each(1, ErrorBound.EXACT);
    }
    EpilogueTransfer transfer = transfer(call, ranges);
    return List.of(transfer == null ? StepTransfers.parametersUnknown(id()) : transfer.local(1));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return IntegerConvolution.multiplyAccumulates(
        inferTypes(call).getFirst().shape(), call.type(3).shape());
  }

  @Override
  public @Nullable Expansion expansion(OpCall call) {
    return LinearExpansion.convolution(call);
  }
}
