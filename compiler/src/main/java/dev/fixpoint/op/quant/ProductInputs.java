package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that QGemm and QMatMul share: both operands with scale and zero point, the bias of
 * each column, and the parameters of the output.
 */
final class ProductInputs {
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;

  private ProductInputs() {}

  static OpSchema.Builder schema(OpSchema.Builder schema) {
    return schema
        .versions(1)
        .input("a", QuantTypes.INTEGERS)
        .input("a_scale", QuantTypes.FLOAT)
        .optionalInput("a_zero_point", QuantTypes.INTEGERS)
        .input("b", QuantTypes.INTEGERS)
        .input("b_scale", QuantTypes.FLOAT)
        .optionalInput("b_zero_point", QuantTypes.INTEGERS)
        .optionalInput("bias", QuantTypes.INT32)
        .optionalInput("y_scale", QuantTypes.FLOAT)
        .optionalInput("y_zero_point", QuantTypes.INTEGERS)
        .output("y", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT));
  }

  static ElementType outputType(OpCall call) {
    return OutputParameters.elementType(call, Y_SCALE, Y_ZERO);
  }

  static int @Nullable [] bias(OpCall call) {
    Tensor bias = call.constant(BIAS);
    return bias == null ? null : Quantized.integers(bias);
  }

  /** The epilogue; the right operand has one scale, or one for each column. */
  static Epilogue epilogue(OpCall call, int columns) {
    float[] given = Quantized.scales(call.tensor(4));
    float[] each = new float[columns];
    if (given.length != 1 && given.length != columns) {
      throw new IllegalArgumentException(
          "there are " + columns + " columns but " + given.length + " scales");
    }
    for (int c = 0; c < columns; c++) {
      each[c] = given[given.length == 1 ? 0 : c];
    }
    return Epilogue.of(
        Quantized.single(Quantized.scales(call.tensor(1))),
        each,
        Activation.of(call.attributes()),
        OutputParameters.find(call, Y_SCALE, Y_ZERO));
  }

  static boolean parametersKnown(OpCall call) {
    return OutputParameters.known(call, 1, 2, 4, 5, BIAS, Y_SCALE, Y_ZERO);
  }

  /** The transfer for known weights, less their zero points, {@code [columns, depth]}. */
  static EpilogueTransfer constant(
      OpCall call, List<@Nullable Range> ranges, int[] weights, int columns) {
    AccumulatorBounds bounds =
        AccumulatorBounds.of(weights, columns, centred(call, ranges, 0), bias(call));
    return new EpilogueTransfer(epilogue(call, columns), bounds, Interval.ZERO);
  }

  /** The transfer for a right operand that is computed; null where the depth is not known. */
  static @Nullable EpilogueTransfer variable(
      OpCall call, List<@Nullable Range> ranges, Dimension depth) {
    if (!(depth instanceof Dimension.Fixed fixed)) {
      return null;
    }
    Interval bias = Interval.ZERO;
    Tensor biases = call.constant(BIAS);
    for (int i = 0; biases != null && i < biases.elementCount(); i++) {
      bias = bias.join(Interval.point(biases.longAt(i)));
    }
    AccumulatorBounds bounds =
        AccumulatorBounds.of(
            centred(call, ranges, 3),
            Math.toIntExact(fixed.size()),
            centred(call, ranges, 0),
            bias);
    int columns = Math.toIntExact(call.tensor(4).elementCount());
    return new EpilogueTransfer(epilogue(call, columns), bounds, Interval.ZERO);
  }

  private static Interval centred(OpCall call, List<@Nullable Range> ranges, int operand) {
    Interval all = StepTransfers.centred(ranges.get(operand), call.type(operand).elementType(), 0);
    Interval centred = null;
    for (long zero : Quantized.zeroPoints(call.constant(operand + 2))) {
      Interval shifted = all.minus(Interval.point(zero));
      centred = centred == null ? shifted : centred.join(shifted);
    }
    return centred == null ? all : centred;
  }

  static Range range(@Nullable EpilogueTransfer transfer, OpCall call, int axis) {
    if (transfer != null) {
      return transfer.range(axis);
    }
    ElementType type = outputType(call);
    return type.isFloat() ? Range.ALL : Range.of(StepTransfers.all(type));
  }

  static ErrorBound error(
      @Nullable EpilogueTransfer transfer, OpId op, int axis, List<ErrorBound> errors) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 4, 5, Y_SCALE, Y_ZERO);
    if (transfer == null || !(parameters instanceof ErrorBound.Exact)) {
      return StepTransfers.exactOrUnknown(errors, op);
    }
    return transfer.error(
        axis,
        StepTransfers.error(errors, 0),
        StepTransfers.error(errors, 3),
        StepTransfers.error(errors, BIAS),
        ErrorBound.EXACT);
  }

  /** Roundings where the output is float; exact where it is quantized, by specification. */
  static ErrorBound local(@Nullable EpilogueTransfer transfer, OpCall call, OpId op, int axis) {
    if (call.hasInput(Y_SCALE)) {
      return ErrorBound.EXACT;
    }
    return transfer == null ? StepTransfers.parametersUnknown(op) : transfer.local(axis);
  }
}
