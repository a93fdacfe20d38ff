package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams.ParamIndex;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX DequantizeLinear: {@code (x - zeroPoint) * scale}, rounded once to the output's type; per
 * tensor, per axis or blocked, from integers of 2 to 32 bits and floats of 4 and 8 bits.
 */
public final class DequantizeLinear implements OpDefinition {
  private static final OpSchema SCHEMA =
      OpSchema.of("DequantizeLinear")
          .versions(10, 13, 19, 21, 23, 24, 25)
          .input("x", Types.union(QuantTypes.QUANTIZED, QuantTypes.INT32))
          .input("x_scale", QuantTypes.SCALES)
          .optionalInput("x_zero_point", Types.union(QuantTypes.QUANTIZED, QuantTypes.INT32))
          .output("y", QuantTypes.FLOATS)
          .attributes(QuantizeLinear.AXIS, QuantizeLinear.BLOCK_SIZE, QuantizeLinear.OUTPUT_DTYPE)
          .doc("Gives integers the real values that a scale and zero point mean.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    LinearCall.requireParameters(call);
    return List.of(new TensorType(outputType(call), call.type(0).shape()));
  }

  private static ElementType outputType(OpCall call) {
    ElementType scale = call.type(1).elementType();
    ElementType natural = scale == ElementType.FLOAT8E8M0 ? ElementType.FLOAT : scale;
    return LinearCall.type(call.get(QuantizeLinear.OUTPUT_DTYPE), natural);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Tensor scale = call.tensor(1);
    Tensor zeroPoint = call.constant(2);
    ParamIndex index = ParameterLayout.of(x.shape(), scale.shape(), call.attributes());
    double[] scales = scale.toDoubles();
    double[] zeros = new double[scales.length];
    if (zeroPoint != null) {
      if (zeroPoint.elementCount() != scales.length) {
        throw new IllegalArgumentException(
            "there are "
                + scales.length
                + " scales but "
                + zeroPoint.elementCount()
                + " zero points");
      }
      zeros = zeroPoint.toDoubles();
    }
    double[] values = x.toDoubles();
    for (int i = 0; i < values.length; i++) {
      int p = index.of(i);
      values[i] = (values[i] - zeros[p]) * scales[p];
    }
    return List.of(Tensor.ofDoubles(outputType(call), x.shape(), values));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    LinearTransfer transfer = LinearTransfer.of(call, call.type(0).elementType());
    if (transfer == null && isKnown(call)) {
      return List.of(Range.hullOf(evaluate(call).getFirst()));
    }
    return List.of(
        transfer == null
            ? Range.ALL
            : transfer.dequantized(LinearCall.range(ranges), outputType(call)));
  }

  /** Whether all inputs are constants, of float8 or float4 weights for instance. */
  private static boolean isKnown(OpCall call) {
    return call.constant(0) != null
        && call.constant(1) != null
        && (!call.hasInput(2) || call.constant(2) != null);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    LinearTransfer transfer = LinearTransfer.of(call, call.type(0).elementType());
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2);
    boolean onlyScales =
        StepTransfers.parameters(errors, 0, 2) instanceof ErrorBound.Exact
            && StepTransfers.error(errors, 1) instanceof ErrorBound.PerElement;
    if (transfer != null && onlyScales) {
      return List.of(transfer.reals(LinearCall.range(ranges), errors.get(1), outputType(call)));
    }
    if (transfer == null || !(parameters instanceof ErrorBound.Exact)) {
      return List.of(StepTransfers.exactOrUnknown(errors, id()));
    }
    return List.of(transfer.reals(errors.get(0), outputType(call)));
  }

  /** One rounding. */
  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(
        Transfers.rounding(outputType(call), rangeTransfer(call, ranges).getFirst().uniform()));
  }

  /** An integer below 2^24 and its product are rounded once; a larger integer is rounded first. */
  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    if (call.type(0).elementType().bits() < 24) {
      return Transfers.each(1, ErrorBound.EXACT);
    }
    double[] allowances = outputs.getFirst().toDoubles();
    for (int i = 0; i < allowances.length; i++) {
      allowances[i] = Math.abs(allowances[i]) * 0x1p-22;
    }
    return List.of(ErrorBound.perElement(allowances));
  }
}
