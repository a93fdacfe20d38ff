package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution over time, one kernel for each channel, that looks back only: before the input
 * [batch, channels, time] come the last inputs of the call before, or zeros. ONNX
 * CausalConvWithState, opset 27.
 */
public final class CausalConvWithState implements OpDefinition {
  /** {@code none}, or {@code silu} (also {@code swish}): {@code x · sigmoid(x)}. */
  public static final Attribute<String> ACTIVATION = Attribute.ofString("activation", "none");

  /** {@code output, present_state = CausalConvWithState(input, weight, bias?, past_state?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("CausalConvWithState")
          .versions(27)
          .input("input", Types.FLOATS)
          .input("weight", Types.FLOATS)
          .optionalInput("bias", Types.FLOATS)
          .optionalInput("past_state", Types.FLOATS)
          .output("output", Types.FLOATS)
          .output("present_state", Types.FLOATS)
          .attributes(ACTIVATION)
          .doc("A convolution over time that looks back only.");

  /** The largest slope of {@code x·sigmoid(x)}, which is 1.09984 near 2.4. */
  private static final double SILU_SLOPE = 1.1;

  private static final int BIAS = 2;
  private static final int PAST = 3;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    Shape shape = Axes.ofRank(call, 0, 3);
    Dimension memory = Dimension.UNKNOWN;
    if (Axes.ofRank(call, 1, 3).dimension(2) instanceof Dimension.Fixed kernel) {
      memory = Dimension.of(kernel.size() - 1);
    }
    return List.of(input, input.withShape(shape.with(2, memory))).subList(0, call.outputCount());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    int[] sizes = Axes.ofRank(call, 0, 3).intSizes();
    int kernel = Axes.ofRank(call, 1, 3).intSize(2);
    if (!call.tensor(1).shape().equals(Shape.of(sizes[1], 1, kernel))) {
      throw new IllegalArgumentException(
          "weight of shape " + call.tensor(1).shape() + " for input " + input.shape());
    }
    Axes.requireShape(call, BIAS, sizes[1]);
    Tensor padded = padded(call, input, kernel);
    double[] x = padded.toDoubles();
    double[] w = call.tensor(1).toDoubles();
    int length = padded.shape().intSize(2);
    double[] y = new double[Math.toIntExact(input.elementCount())];
    for (int i = 0; i < y.length; i++) {
      int row = i / sizes[2];
      int channel = row % sizes[1];
      double sum = call.hasInput(BIAS) ? call.tensor(BIAS).doubleAt(channel) : 0;
      for (int k = 0; k < kernel; k++) {
        sum += w[channel * kernel + k] * x[row * length + i % sizes[2] + k];
      }
      y[i] = activated(call, sum);
    }
    Tensor output = Tensor.ofDoubles(input.elementType(), input.shape(), y);
    return List.of(output, last(padded, kernel - 1)).subList(0, call.outputCount());
  }

  /** The state and the input, one after the other along the time. */
  private static Tensor padded(OpCall call, Tensor input, int kernel) {
    int[] sizes = input.shape().intSizes();
    Shape before = Shape.of(sizes[0], sizes[1], kernel - 1);
    Tensor past =
        call.hasInput(PAST) ? call.tensor(PAST) : Tensor.filled(input.elementType(), before, 0);
    if (!past.shape().equals(before)) {
      throw new IllegalArgumentException(
          "past_state should have shape " + before + ", but has " + past.shape());
    }
    Shape shape = Shape.of(sizes[0], sizes[1], kernel - 1L + sizes[2]);
    int[] positions = Joined.positions(List.of(before, input.shape()), 2);
    return Elements.gather(Elements.chained(List.of(past, input)), shape, positions);
  }

  private static Tensor last(Tensor tensor, int count) {
    int[] sizes = tensor.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[] times = Elements.steps(count, 1);
    for (int i = 0; i < count; i++) {
      times[i] += sizes[2] - count;
    }
    int[][] offsets = {
      Elements.steps(sizes[0], strides[0]), Elements.steps(sizes[1], strides[1]), times
    };
    Shape shape = Shape.of(sizes[0], sizes[1], count);
    return Elements.gather(tensor, shape, Elements.positions(offsets));
  }

  private static double activated(OpCall call, double x) {
    return switch (call.get(ACTIVATION)) {
      case "none" -> x;
      case "silu", "swish" -> x / (1 + Math.exp(-x));
      default ->
          throw new IllegalArgumentException(
              "there is no activation '" + call.get(ACTIVATION) + "'");
    };
  }

  /** The largest magnitude of a sum over the kernel, its bias included. */
  private static double largest(OpCall call, List<@Nullable Range> ranges) {
    Shape weight = call.type(1).shape();
    if (!weight.isRanked() || !weight.dimension(2).isFixed()) {
      return Double.POSITIVE_INFINITY;
    }
    double product =
        Outward.multiplyUp(Ranges.at(ranges, 1).magnitude(), state(call, ranges).magnitude());
    double bias = call.hasInput(BIAS) ? Ranges.at(ranges, BIAS).magnitude() : 0;
    return Outward.addUp(Outward.multiplyUp(product, weight.size(2)), bias);
  }

  private static Interval state(OpCall call, List<@Nullable Range> ranges) {
    Interval input = Ranges.at(ranges, 0).hull();
    return input.join(call.hasInput(PAST) ? Ranges.at(ranges, PAST).hull() : Interval.ZERO);
  }

  /** The activation does not enlarge magnitudes; sums in double are off by far less than 2⁻³⁰. */
  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    double largest = Outward.multiplyUp(largest(call, ranges), 1 + 0x1p-30);
    Range output = Range.of(Transfers.stored(type, Interval.symmetric(largest)));
    return List.of(output, Range.of(state(call, ranges))).subList(0, call.outputCount());
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (errors.stream().allMatch(ErrorBound.Exact.class::isInstance)) {
      return Transfers.each(call.outputCount(), ErrorBound.EXACT);
    }
    ErrorBound past = errors.size() > PAST ? errors.get(PAST).uniform() : ErrorBound.EXACT;
    ErrorBound state = errors.get(0).uniform().join(past);
    ErrorBound output = moved(call, ranges, errors, state.max());
    return List.of(output, state).subList(0, call.outputCount());
  }

  /** The product rule for each tap of the kernel, with the slope of the activation. */
  private ErrorBound moved(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors, double ofState) {
    Shape weight = call.type(1).shape();
    if (!weight.isRanked() || !weight.dimension(2).isFixed()) {
      return ErrorBound.unbounded("the kernel of CausalConvWithState has no known size");
    }
    double ofWeight = errors.get(1).max();
    double w = Outward.addUp(Ranges.at(ranges, 1).magnitude(), ofWeight);
    double products =
        Outward.addUp(
            ofState == 0 ? 0 : Outward.multiplyUp(w, ofState),
            ofWeight == 0 ? 0 : Outward.multiplyUp(state(call, ranges).magnitude(), ofWeight));
    double sum = Outward.multiplyUp(products, weight.size(2));
    double bias = errors.size() > BIAS ? errors.get(BIAS).max() : 0;
    double slope = call.get(ACTIVATION).equals("none") ? 1 : SILU_SLOPE;
    return ErrorBound.uniform(Outward.multiplyUp(Outward.addUp(sum, bias), slope))
        .plus(localError(call, ranges).getFirst().scaledBy(2));
  }

  /** Sums in double are off by far less than a share of 2⁻³⁰ of their terms. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    double largest = largest(call, ranges);
    double inDouble = Outward.multiplyUp(largest, SILU_SLOPE * 0x1p-40);
    ErrorBound output =
        ErrorBound.uniform(
            Outward.addUp(
                inDouble,
                Transfers.halfUlp(call.type(0).elementType(), Outward.addUp(largest, inDouble))));
    return List.of(output, ErrorBound.EXACT).subList(0, call.outputCount());
  }
}
