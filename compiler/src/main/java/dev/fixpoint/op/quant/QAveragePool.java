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
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each window of a quantized tensor {@code [N, C, spatial]}, requantized once. The mean
 * is over the taps that count at that position: those inside the input, or all within the padded
 * input where {@code count_include_pad} is set.
 */
public final class QAveragePool implements OpDefinition {
  private static final OpSchema SCHEMA =
      Averages.schema(OpId.fixpoint("QAveragePool"))
          .attributes(
              SlidingWindow.AUTO_PAD,
              SlidingWindow.CEIL_MODE,
              SlidingWindow.COUNT_INCLUDE_PAD,
              SlidingWindow.DILATIONS,
              SlidingWindow.KERNEL_SHAPE,
              SlidingWindow.PADS,
              SlidingWindow.STRIDES)
          .doc("Mean of each window, requantized once.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    Shape shape = x.isRanked() ? shape(call.attributes(), x) : x;
    return List.of(new TensorType(OutputParameters.elementType(call, 3, 4), shape));
  }

  private static Shape shape(Attributes attributes, Shape x) {
    List<Dimension> output = new ArrayList<>(x.dimensions().subList(0, 2));
    List<Dimension> kernel = SlidingWindow.poolKernel(attributes, x.rank() - 2);
    output.addAll(SlidingWindow.infer(attributes, x.dimensions().subList(2, x.rank()), kernel));
    return Shape.of(output);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Quantized x = Quantized.of(call, 0, 1, 2);
    QuantParams output = OutputParameters.of(call, 3, 4);
    int[] input = x.tensor().shape().intSizes();
    int[] spatial = Arrays.copyOfRange(input, 2, input.length);
    int[] kernel =
        SlidingWindow.poolKernel(call.attributes(), spatial.length).stream()
            .mapToInt(size -> Math.toIntExact(((Dimension.Fixed) size).size()))
            .toArray();
    SlidingWindow window = SlidingWindow.of(call.attributes(), spatial, kernel);
    int[] counts = window.tapCounts(call.attributes().isSet(SlidingWindow.COUNT_INCLUDE_PAD));
    Shape shape = inferTypes(call).getFirst().shape();
    IntegerOutput means = new IntegerOutput(output.elementType(), shape);
    int[] centred = x.centred();
    int[] sums = new int[window.outputCount()];
    for (int plane = 0; plane < input[0] * input[1]; plane++) {
      Arrays.fill(sums, 0);
      for (int tap = 0; tap < window.taps(); tap++) {
        window.add(tap, 1, centred, plane * window.inputCount(), sums);
      }
      for (int i = 0; i < sums.length; i++) {
        means.set(plane * sums.length + i, Averages.mean(sums[i], counts[i], x.scale(), output));
      }
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

  /** ONNX Runtime has no dilated average. */
  @Override
  public @Nullable Expansion expansion(OpCall call) {
    List<Long> dilations = call.attributes().find(SlidingWindow.DILATIONS);
    boolean dilated = dilations != null && dilations.stream().anyMatch(d -> d != 1);
    return dilated ? null : Averages.expansion(call, OpId.microsoft("QLinearAveragePool"));
  }
}
