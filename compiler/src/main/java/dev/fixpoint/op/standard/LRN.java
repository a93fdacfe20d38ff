package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LRN of ONNX (opset 13): {@code x / (bias + alpha / size · Σ x²)^beta}, the sum over neighbouring
 * channels of {@code X [N,C,…]}.
 */
public final class LRN implements OpDefinition {
  /** Factor on the mean square. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1e-4f);

  /** Exponent. */
  public static final Attribute<Float> BETA = Attribute.ofFloat("beta", 0.75f);

  /** Added to the mean square. */
  public static final Attribute<Float> BIAS = Attribute.ofFloat("bias", 1);

  /** Number of channels that are summed. */
  public static final Attribute<Long> SIZE = Attribute.ofInt("size").required();

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("LRN")
          .versions(1, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA, BETA, BIAS, SIZE)
          .doc("Elements over a power of the squares of neighbouring channels.");

  /** Relative distance that covers sums and powers in double. */
  private static final double SLACK = 0x1p-40;

  private static final String UNSTATED = "no bound is stated for LRN with a bias or factor below 0";

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    if (x.isRanked() && x.rank() < 2) {
      throw new IllegalArgumentException("X should be [N,C,…], but is " + x);
    }
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    inferTypes(call);
    Tensor x = call.tensor(0);
    int channels = x.shape().intSize(1);
    long size = size(call);
    double[] values = x.toDoubles();
    double[] y = new double[values.length];
    int plane = channels == 0 ? 0 : values.length / channels / Math.max(1, x.shape().intSize(0));
    double factor = call.get(ALPHA) / (double) size;
    for (int i = 0; i < y.length; i++) {
      int c = i / plane % channels;
      int first = (int) Math.max(0, c - (size - 1) / 2);
      int last = (int) Math.min(channels - 1, c + size / 2);
      double sum = 0;
      for (int k = first; k <= last; k++) {
        double neighbour = values[i + (k - c) * plane];
        sum += neighbour * neighbour;
      }
      y[i] = values[i] / Math.pow(call.get(BIAS) + factor * sum, call.get(BETA));
    }
    return List.of(Tensor.ofDoubles(x.elementType(), x.shape(), y));
  }

  private static long size(OpCall call) {
    long size = call.get(SIZE);
    if (size < 1) {
      throw new IllegalArgumentException("attribute 'size' should be at least 1, but is " + size);
    }
    return size;
  }

  /** The largest factor on an element, {@code bias^-beta}; infinite where that is no bound. */
  private static double gain(OpCall call) {
    boolean stated = call.get(BIAS) > 0 && call.get(ALPHA) >= 0 && call.get(BETA) >= 0;
    return stated
        ? Math.pow(call.get(BIAS), -call.get(BETA)) * (1 + SLACK)
        : Double.POSITIVE_INFINITY;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Interval x = Ranges.at(ranges, 0).hull();
    double gain = gain(call);
    if (!x.isBounded() || !Double.isFinite(gain)) {
      return List.of(Range.ALL);
    }
    Interval reach = x.join(Interval.ZERO).times(gain);
    return List.of(Range.of(Transfers.stored(call.type(0).elementType(), reach)));
  }

  /**
   * With {@code D = bias + alpha / size · Σ x²} the derivatives are {@code D^-beta} at the element
   * itself and {@code 2·alpha·beta / size · |x_i x_j| · D^(-beta - 1)} at each of size neighbours.
   */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    if (error instanceof ErrorBound.Exact || error instanceof ErrorBound.Unbounded) {
      return List.of(error);
    }
    double x = Ranges.at(ranges, 0).magnitude();
    double gain = gain(call);
    double ofNeighbours = 2.0 * call.get(ALPHA) * call.get(BETA) * x * x / call.get(BIAS);
    double slope = gain * (1 + ofNeighbours) * (1 + SLACK);
    ErrorBound local = localError(call, ranges).getFirst();
    return Double.isFinite(slope)
        ? List.of(error.uniform().scaledBy(slope).plus(local.scaledBy(2)))
        : List.of(ErrorBound.unbounded(UNSTATED));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    Range range = rangeTransfer(call, ranges).getFirst();
    if (!range.isBounded()) {
      return List.of(ErrorBound.unbounded(UNSTATED));
    }
    ErrorBound rounding = Transfers.rounding(call.type(0).elementType(), range);
    return List.of(rounding.plus(ErrorBound.uniform(SLACK * range.magnitude())));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    double u = Transfers.unitRoundoff(type);
    double power = Math.abs(call.get(BETA));
    double relative = (power * (size(call) + 8) + 8 + 4 * power * largestLogarithm(call)) * u;
    double[] y = outputs.getFirst().toDoubles();
    for (int i = 0; i < y.length; i++) {
      double magnitude = Math.abs(y[i]);
      y[i] =
          2 * relative * magnitude
              + Transfers.halfUlp(type, magnitude)
              + 4 * Transfers.smallest(type);
    }
    boolean stated = Double.isFinite(gain(call));
    return List.of(stated ? ErrorBound.perElement(y) : ErrorBound.unbounded(UNSTATED));
  }

  /** Powers are exponentials of logarithms, whose roundings grow with their size. */
  private static double largestLogarithm(OpCall call) {
    double x = Range.ofTensor(call.tensor(0)).magnitude();
    double largest = call.get(BIAS) + call.get(ALPHA) * x * x;
    return Math.max(Math.abs(Math.log(largest)), Math.abs(Math.log(call.get(BIAS))));
  }
}
