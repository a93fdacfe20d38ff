package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * QONNX Quant: fake quantization to any number of bits, {@code (round(clamp(x / scale + zeroPoint))
 * - zeroPoint) * scale}. The clamp comes before the rounding; a narrow range leaves out the
 * smallest signed or the largest unsigned integer. Scale and zero point broadcast to x.
 */
public final class QonnxQuant implements OpDefinition {
  /** Whether integers are signed. */
  public static final Attribute<Long> SIGNED = Attribute.ofInt("signed", 1);

  /** Whether the range leaves out one integer at its end. */
  public static final Attribute<Long> NARROW = Attribute.ofInt("narrow", 0);

  /** How quotients become integers: ROUND, CEIL or FLOOR. */
  public static final Attribute<String> ROUNDING_MODE =
      Attribute.ofString("rounding_mode", "ROUND");

  private static final OpSchema SCHEMA =
      OpSchema.of(new OpId("qonnx.custom_op.general", "Quant"))
          .versions(1)
          .input("X", QuantTypes.FLOAT)
          .input("scale", QuantTypes.FLOAT)
          .input("zeropt", QuantTypes.FLOAT)
          .input("bitwidth", QuantTypes.FLOAT)
          .output("Y", QuantTypes.FLOAT)
          .attributes(SIGNED, NARROW, ROUNDING_MODE)
          .doc("Moves real numbers onto a grid of any number of bits.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(ElementType.FLOAT, call.type(0).shape()));
  }

  /** The smallest integer of a call with so many bits. */
  public static double smallest(OpCall call, double bits) {
    if (!call.attributes().isSet(SIGNED)) {
      return 0;
    }
    return -Math.pow(2, bits - 1) + (call.attributes().isSet(NARROW) ? 1 : 0);
  }

  /** The largest integer of a call with so many bits. */
  public static double largest(OpCall call, double bits) {
    if (call.attributes().isSet(SIGNED)) {
      return Math.pow(2, bits - 1) - 1;
    }
    return Math.pow(2, bits) - (call.attributes().isSet(NARROW) ? 2 : 1);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = call.tensor(0).shape();
    float[] x = call.tensor(0).toFloats();
    float[] scales = call.tensor(1).toFloats();
    float[] zeros = call.tensor(2).toFloats();
    int[] scaleAt = Broadcasting.offsets(call.tensor(1).shape(), shape);
    int[] zeroAt = Broadcasting.offsets(call.tensor(2).shape(), shape);
    double bits = call.tensor(3).doubleAt(0);
    float low = (float) smallest(call, bits);
    float high = (float) largest(call, bits);
    for (int i = 0; i < x.length; i++) {
      float quotient = x[i] / scales[scaleAt[i]];
      float shifted = quotient + zeros[zeroAt[i]];
      // As an integer, so that there is no negative zero.
      long integer = (long) round(Math.min(Math.max(shifted, low), high), call.get(ROUNDING_MODE));
      x[i] = (float) (((double) integer - zeros[zeroAt[i]]) * scales[scaleAt[i]]);
    }
    return List.of(Tensor.ofFloats(shape, x));
  }

  private static double round(double value, String mode) {
    return switch (mode) {
      case "ROUND" -> Math.rint(value);
      case "CEIL" -> Math.ceil(value);
      case "FLOOR" -> Math.floor(value);
      default ->
          throw new UnsupportedOperationException("rounding mode " + mode + " is not supported");
    };
  }

  /** Relative distance that covers the float32 roundings of a call. */
  private static final double ROUNDINGS = 0x1p-20;

  /** Whether the grid is known: scale above zero, zero point and width are constants. */
  private static boolean isKnown(OpCall call) {
    Tensor scale = call.constant(1);
    return scale != null
        && call.constant(2) != null
        && call.constant(3) != null
        && Arrays.stream(scale.toDoubles()).allMatch(s -> s > 0 && s <= Float.MAX_VALUE);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    if (!isKnown(call)) {
      return List.of(Range.ALL);
    }
    double bits = call.tensor(3).doubleAt(0);
    Interval integers = new Interval(smallest(call, bits), largest(call, bits));
    Interval zeros = Range.hullOf(call.tensor(2)).hull();
    Interval reals = integers.minus(zeros).times(Range.hullOf(call.tensor(1)).hull());
    return List.of(Range.of(reals.widened(ROUNDINGS * reals.magnitude())));
  }

  /** As that of FakeQuant: a number may land one step further than it moved. */
  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 3);
    ErrorBound error = errors.get(0);
    boolean exact = error instanceof ErrorBound.Exact;
    if (exact || !isKnown(call) || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    double bits = call.tensor(3).doubleAt(0);
    double span = largest(call, bits) - smallest(call, bits);
    Interval scales = Range.hullOf(call.tensor(1)).hull();
    double moved = Math.floor(error.max() / scales.low() + ROUNDINGS * span) + 1;
    double steps = Math.min(moved, span) * scales.high();
    double rounding = 2 * ROUNDINGS * rangeTransfer(call, ranges).getFirst().magnitude();
    return List.of(ErrorBound.uniform(Math.nextUp(steps) + rounding));
  }

  /** Unbounded; converting to FakeQuant gives a bound. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.unbounded("no bound is stated for " + id()));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }
}
