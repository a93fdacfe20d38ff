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
import dev.fixpoint.op.standard.ConvTranspose;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transpose of a convolution on integers, with bias and activation in its {@link Epilogue}; the
 * output is quantized, or float32 where {@code y_scale} is absent. Weights are {@code [C, M/group,
 * kernel]} as those of ONNX ConvTranspose, with one zero point, and one scale or one for each of
 * the M output channels.
 */
public final class QConvTranspose implements OpDefinition {
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("QConvTranspose"))
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
          .output("y", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT))
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.DILATIONS,
              ConvTranspose.GROUP,
              WindowGeometry.KERNEL_SHAPE,
              ConvTranspose.OUTPUT_PADDING,
              ConvTranspose.OUTPUT_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("Transpose of an integer convolution with bias and activation, one requantization.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(
        new TensorType(
            OutputParameters.elementType(call, Y_SCALE, Y_ZERO),
            IntegerTransposedConvolution.infer(
                call.attributes(), call.type(0).shape(), call.type(3).shape())));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    Quantized w = Quantized.of(call, 3, 4, 5);
    IntegerTransposedConvolution convolution =
        IntegerTransposedConvolution.of(call.attributes(), x, w, call.constant(BIAS));
    Epilogue epilogue =
        Epilogue.of(
            x.scale(),
            w.scales(convolution.shape().intSize(1)),
            Activation.of(call.attributes()),
            OutputParameters.find(call, Y_SCALE, Y_ZERO));
    EpilogueOutput output = new EpilogueOutput(epilogue, convolution.shape(), null);
    convolution.forEachPlane(QuantTypes.isWide(call, 0, 3), output::plane);
    return List.of(output.tensor());
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
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 4, 5, 7, 8);
    if (transfer == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    return List.of(
        transfer.error(
            1,
            StepTransfers.error(errors, 0),
            StepTransfers.error(errors, 3),
            StepTransfers.error(errors, BIAS),
            ErrorBound.EXACT));
  }

  private @Nullable EpilogueTransfer transfer(OpCall call, List<@Nullable Range> ranges) {
    if (!OutputParameters.known(call, 1, 2, 3, 4, 5, BIAS, Y_SCALE, Y_ZERO)) {
      return null;
    }
    Quantized w = Quantized.of(call, 3, 4, 5);
    Shape shape = w.tensor().shape();
    int groups = call.attributes().getInt(SlidingWindow.GROUP);
    int features = shape.intSize(1) * groups;
    long[] zero = Quantized.zeroPoints(call.constant(2));
    Interval x = StepTransfers.centred(ranges.get(0), call.type(0).elementType(), zero[0]);
    Tensor bias = call.constant(BIAS);
    AccumulatorBounds bounds =
        AccumulatorBounds.of(
            IntegerTransposedConvolution.byFeature(w.centred(), shape, groups),
            features,
            x,
            bias == null ? null : Quantized.integers(bias));
    Epilogue epilogue =
        Epilogue.of(
            Quantized.single(Quantized.scales(call.tensor(1))),
            w.scales(features),
            Activation.of(call.attributes()),
            OutputParameters.find(call, Y_SCALE, Y_ZERO));
    return new EpilogueTransfer(epilogue, bounds, Interval.ZERO);
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
    Shape x = call.type(0).shape();
    Shape w = call.type(3).shape();
    return Math.multiplyExact(x.elementCount(), w.elementCount() / Math.max(1, w.size(0)));
  }

  @Override
  public @Nullable Expansion expansion(OpCall call) {
    return TransposedExpansion.of(call);
  }
}
