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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DeformConv of ONNX (opset 22) over two spatial dimensions: a convolution each of whose taps is
 * moved by an offset of its own, read bilinearly, and weighed by a mask. Outside X is zero.
 */
public final class DeformConv implements OpDefinition {
  /** Number of groups of channels that share offsets. */
  public static final Attribute<Long> OFFSET_GROUP = Attribute.ofInt("offset_group", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("DeformConv")
          .versions(19, 22)
          .input("X", Types.FLOATS)
          .input("W", Types.FLOATS)
          .input("offset", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .optionalInput("mask", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.DILATIONS,
              Conv.GROUP,
              WindowGeometry.KERNEL_SHAPE,
              OFFSET_GROUP,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Convolution whose taps are moved by offsets.");

  /** Relative distance that covers sums and weights in double. */
  private static final double SLACK = 0x1p-30;

  private static final int BIAS = 3;
  private static final int MASK = 4;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape x = call.type(0).shape();
    Shape w = call.type(1).shape();
    Shape offset = call.type(2).shape();
    boolean fits =
        (!x.isRanked() || x.rank() == 4)
            && (!w.isRanked() || w.rank() == 4)
            && (!offset.isRanked() || offset.rank() == 4);
    if (!fits) {
      throw new IllegalArgumentException(
          "X is " + x + ", W " + w + ", offset " + offset + "; only images are supported");
    }
    return List.of(
        call.type(0)
            .withShape(
                Shape.of(
                    Arrays.asList(
                        x.isRanked() ? x.dimension(0) : Dimension.UNKNOWN,
                        w.isRanked() ? w.dimension(0) : Dimension.UNKNOWN,
                        offset.isRanked() ? offset.dimension(2) : Dimension.UNKNOWN,
                        offset.isRanked() ? offset.dimension(3) : Dimension.UNKNOWN))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    double[] sums =
        new DeformedLoop(call)
            .apply(
                call.tensor(0).toDoubles(),
                call.tensor(1).toDoubles(),
                call.hasInput(MASK) ? call.tensor(MASK).toDoubles() : null);
    Shape shape = inferTypes(call).getFirst().shape();
    if (call.hasInput(BIAS)) {
      double[] bias = call.tensor(BIAS).toDoubles();
      int plane = Math.max(1, shape.intSize(2) * shape.intSize(3));
      for (int i = 0; i < sums.length; i++) {
        sums[i] += bias[i / plane % bias.length];
      }
    }
    return List.of(Tensor.ofDoubles(call.type(0).elementType(), shape, sums));
  }

  /** The largest sum of magnitudes of all terms: {@code Σ|W|} is bounded by its largest entry. */
  private static double magnitude(OpCall call, List<@Nullable Range> ranges) {
    Shape w = call.type(1).shape();
    if (!w.isStatic() || w.size(0) == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double magnitude = Ranges.at(ranges, 1).magnitude() * (w.elementCount() / (double) w.size(0));
    magnitude = Outward.multiplyUp(magnitude, Ranges.at(ranges, 0).magnitude());
    if (call.hasInput(MASK)) {
      magnitude = Outward.multiplyUp(magnitude, Ranges.at(ranges, MASK).magnitude());
    }
    double bias = call.hasInput(BIAS) ? Ranges.at(ranges, BIAS).magnitude() : 0;
    return (magnitude + bias) * (1 + SLACK);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    double magnitude = magnitude(call, ranges);
    if (!(magnitude <= Double.MAX_VALUE)) {
      return List.of(Range.ALL);
    }
    ElementType type = call.type(0).elementType();
    return List.of(Range.of(Transfers.stored(type, Interval.symmetric(magnitude))));
  }

  /** A product of three factors moves by at most its magnitude times the sum of relative moves. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (errors.stream().allMatch(error -> error instanceof ErrorBound.Exact)) {
      return List.of(ErrorBound.EXACT);
    }
    if (!(errors.get(2) instanceof ErrorBound.Exact)) {
      return List.of(Movement.inexactChoice(2));
    }
    Shape w = call.type(1).shape();
    if (!w.isStatic() || w.size(0) == 0) {
      return List.of(ErrorBound.unbounded("the shape of W is not known"));
    }
    double x = Ranges.at(ranges, 0).magnitude();
    double weight = Ranges.at(ranges, 1).magnitude();
    double mask = call.hasInput(MASK) ? Ranges.at(ranges, MASK).magnitude() : 1;
    double ofMask = call.hasInput(MASK) ? errors.get(MASK).max() : 0;
    double product =
        errors.get(0).max() * weight * mask + x * errors.get(1).max() * mask + x * weight * ofMask;
    double bias = call.hasInput(BIAS) ? errors.get(BIAS).max() : 0;
    double moved = (product * (w.elementCount() / (double) w.size(0)) + bias) * (1 + SLACK);
    ErrorBound local = localError(call, ranges).getFirst();
    return moved <= Double.MAX_VALUE
        ? List.of(ErrorBound.uniform(moved).plus(local.scaledBy(2)))
        : List.of(ErrorBound.unbounded("an input has no finite range or bound"));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    double magnitude = magnitude(call, ranges);
    if (!(magnitude <= Double.MAX_VALUE)) {
      return List.of(ErrorBound.unbounded("an input has no finite range or no known shape"));
    }
    double rounding = Transfers.halfUlp(call.type(0).elementType(), magnitude);
    return List.of(ErrorBound.uniform(rounding + SLACK * magnitude));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    Shape y = inferTypes(call).getFirst().shape();
    Shape w = call.type(1).shape();
    if (!y.isStatic() || !w.isStatic()) {
      return 0;
    }
    long windows = Math.multiplyExact(y.size(0), Math.multiplyExact(y.size(2), y.size(3)));
    return Math.multiplyExact(windows, w.elementCount());
  }
}
