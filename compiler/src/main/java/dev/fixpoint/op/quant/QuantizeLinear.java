package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.QuantParams.ParamIndex;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX QuantizeLinear: {@code saturate(rint(x / scale) + zeroPoint)}, per tensor, per axis or
 * blocked, to integers of 2 to 16 bits and floats of 4 and 8 bits.
 *
 * <p>The division is rounded to its precision (the attribute, or the type of the scale), then to an
 * integer half to even; the zero point is added after that. NaN becomes the smallest integer.
 */
public final class QuantizeLinear implements OpDefinition {
  /** The axis along which scales differ; negative ones count from the end. */
  public static final Attribute<Long> AXIS = ParameterLayout.AXIS;

  /** Elements of the axis that share a scale; 0 where scales are not blocked. */
  public static final Attribute<Long> BLOCK_SIZE = ParameterLayout.BLOCK_SIZE;

  /** Element type of the output where there is no zero point; 0 means uint8. */
  public static final Attribute<Long> OUTPUT_DTYPE = Attribute.ofInt("output_dtype", 0);

  /** Element type in which the division is rounded; 0 means the type of the scale. */
  public static final Attribute<Long> PRECISION = Attribute.ofInt("precision", 0);

  /** Whether float8 results beyond the largest number become that number. */
  public static final Attribute<Long> SATURATE = Attribute.ofInt("saturate", 1);

  private static final OpSchema SCHEMA =
      OpSchema.of("QuantizeLinear")
          .versions(10, 13, 19, 21, 23, 24, 25)
          .input("x", Types.union(QuantTypes.FLOATS, QuantTypes.INT32))
          .input("y_scale", Types.union(QuantTypes.SCALES, QuantTypes.INT32))
          .optionalInput("y_zero_point", QuantTypes.QUANTIZED)
          .output("y", QuantTypes.QUANTIZED)
          .attributes(AXIS, BLOCK_SIZE, OUTPUT_DTYPE, PRECISION, SATURATE)
          .doc("Rounds real numbers to the integers of a scale and zero point.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    LinearCall.requireParameters(call);
    return List.of(new TensorType(outputType(call), shape));
  }

  /** The element type of the output: of the zero point, else the attribute, else uint8. */
  static ElementType outputType(OpCall call) {
    ElementType said = LinearCall.type(call.get(OUTPUT_DTYPE), ElementType.UINT8);
    if (!call.hasInput(2)) {
      return said;
    }
    ElementType zeroPoint = call.type(2).elementType();
    boolean contradicts = call.get(OUTPUT_DTYPE) != 0 && zeroPoint != said;
    if (contradicts && zeroPoint != ElementType.UNDEFINED) {
      throw new IllegalArgumentException(
          "output_dtype says " + said.text() + ", but the zero point is " + zeroPoint.text());
    }
    return zeroPoint;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Tensor scale = call.tensor(1);
    Tensor zeroPoint = call.constant(2);
    ElementType target = outputType(call);
    ParamIndex index = ParameterLayout.of(x.shape(), scale.shape(), call.attributes());
    double[] quotients = quotients(call, x, scale, index);
    if (!target.isInteger()) {
      return List.of(toFloats(call, target, x.shape(), quotients, zeroPoint, index));
    }
    long min = target.minInteger();
    long max = target.maxInteger();
    long[] zeroPoints = LinearCall.zeroPoints(zeroPoint, scale);
    IntegerOutput output = new IntegerOutput(target, x.shape());
    for (int i = 0; i < quotients.length; i++) {
      double rounded = Math.rint(quotients[i]);
      output.set(i, QuantParams.saturate(rounded, zeroPoints[index.of(i)], min, max));
    }
    return List.of(output.tensor());
  }

  private static double[] quotients(OpCall call, Tensor x, Tensor scale, ParamIndex index) {
    ElementType natural =
        scale.elementType() == ElementType.FLOAT8E8M0 || scale.elementType() == ElementType.INT32
            ? LinearCall.floatOf(x.elementType())
            : scale.elementType();
    ElementType precision = LinearCall.type(call.get(PRECISION), natural);
    boolean narrow = call.get(PRECISION) != 0;
    double[] numerators = x.toDoubles();
    double[] scales = scale.toDoubles();
    if (narrow) {
      LinearCall.round(numerators, precision);
      LinearCall.round(scales, precision);
    }
    for (int i = 0; i < numerators.length; i++) {
      numerators[i] /= scales[index.of(i)];
    }
    LinearCall.round(numerators, precision);
    return numerators;
  }

  /** Quotients as small floats: float8 takes no zero point, float4 adds it. */
  private static Tensor toFloats(
      OpCall call,
      ElementType target,
      Shape shape,
      double[] quotients,
      @Nullable Tensor zeroPoint,
      ParamIndex index) {
    if (zeroPoint != null && target == ElementType.FLOAT4E2M1) {
      double[] zeros = zeroPoint.toDoubles();
      for (int i = 0; i < quotients.length; i++) {
        quotients[i] += zeros[index.of(i)];
      }
    }
    return call.attributes().isSet(SATURATE) || target == ElementType.FLOAT4E2M1
        ? Tensor.ofDoublesSaturating(target, shape, quotients)
        : Tensor.ofDoubles(target, shape, quotients);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    ElementType target = outputType(call);
    if (!target.isInteger()) {
      return List.of(Range.ALL);
    }
    LinearTransfer transfer = LinearTransfer.of(call, target);
    return List.of(
        transfer == null
            ? Range.of(StepTransfers.all(target))
            : transfer.quantized(LinearCall.range(ranges)));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    LinearTransfer transfer = LinearTransfer.of(call, outputType(call));
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2);
    if (transfer == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    return List.of(transfer.steps(errors.get(0)));
  }

  /** Half a step and what saturation cuts off, in the units of the input. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    LinearTransfer transfer = LinearTransfer.of(call, outputType(call));
    return List.of(
        transfer == null
            ? ErrorBound.unbounded("the parameters of " + id() + " are not constants")
            : transfer.distance(LinearCall.range(ranges)));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }
}
