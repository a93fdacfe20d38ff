package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What element-wise operators of two quantized tensors share: inputs, broadcasting, and the way
 * from the real result to the quantized one. Inputs: a, scale, zero point, b, scale, zero point,
 * output scale, output zero point.
 */
final class BinaryQuant {
  private BinaryQuant() {}

  /** A function of two float32 numbers, itself float32. */
  interface FloatFunction {
    /** The function. */
    float apply(float a, float b);
  }

  static OpSchema.Builder schema(OpId id) {
    return OpSchema.of(id)
        .versions(1)
        .input("a", QuantTypes.INTEGERS)
        .input("a_scale", QuantTypes.FLOAT)
        .optionalInput("a_zero_point", QuantTypes.INTEGERS)
        .input("b", QuantTypes.INTEGERS)
        .input("b_scale", QuantTypes.FLOAT)
        .optionalInput("b_zero_point", QuantTypes.INTEGERS)
        .input("y_scale", QuantTypes.FLOAT)
        .optionalInput("y_zero_point", QuantTypes.INTEGERS)
        .output("y", QuantTypes.INTEGERS);
  }

  static List<TensorType> infer(OpCall call) {
    Shape shape = Broadcasting.shape(call.type(0).shape(), call.type(3).shape());
    return List.of(new TensorType(OutputParameters.elementType(call, 6, 7), shape));
  }

  static List<Tensor> evaluate(OpCall call, FloatFunction function) {
    Quantized a = Quantized.of(call, 0, 1, 2);
    Quantized b = Quantized.of(call, 3, 4, 5);
    Shape shape = Broadcasting.shape(a.tensor().shape(), b.tensor().shape());
    QuantParams output = OutputParameters.of(call, 6, 7);
    Activation activation = Activation.of(call.attributes());
    float[] left = a.reals();
    float[] right = b.reals();
    int[] leftAt = Broadcasting.offsets(a.tensor().shape(), shape);
    int[] rightAt = Broadcasting.offsets(b.tensor().shape(), shape);
    IntegerOutput integers = new IntegerOutput(output.elementType(), shape);
    for (int i = 0; i < leftAt.length; i++) {
      float real = function.apply(left[leftAt[i]], right[rightAt[i]]);
      integers.set(i, output.quantize(activation.applyFloat(real), 0));
    }
    return List.of(integers.tensor());
  }

  static List<Range> range(
      OpCall call, List<@Nullable Range> ranges, BinaryOperator<Interval> function) {
    if (!parametersKnown(call)) {
      return List.of(Range.of(StepTransfers.all(OutputParameters.elementType(call, 6, 7))));
    }
    Interval real =
        function.apply(
            StepTransfers.reals(call, ranges, 0, 1, 2), StepTransfers.reals(call, ranges, 3, 4, 5));
    Interval activated =
        StepTransfers.relative(
            Activation.of(call.attributes()).image(StepTransfers.relative(real)));
    return List.of(Range.of(StepTransfers.quantized(activated, OutputParameters.of(call, 6, 7))));
  }

  private static boolean parametersKnown(OpCall call) {
    return OutputParameters.known(call, 1, 2, 4, 5, 6, 7);
  }

  /** How far the real result moves for errors of the operands in real units. */
  interface Moved {
    /** The distance, for the magnitudes and errors of both operands. */
    double by(double a, double aError, double b, double bError);
  }

  static List<ErrorBound> error(
      OpCall call,
      OpId op,
      List<@Nullable Range> ranges,
      List<ErrorBound> errors,
      BinaryOperator<Interval> function,
      Moved moved) {
    ErrorBound parameters = StepTransfers.parameters(errors, 1, 2, 4, 5, 6, 7);
    if (!(parameters instanceof ErrorBound.Exact) || !parametersKnown(call)) {
      return List.of(StepTransfers.exactOrUnknown(errors, op));
    }
    ErrorBound all = errors.get(0).join(errors.get(3));
    if (all instanceof ErrorBound.Exact || !all.isBounded()) {
      return List.of(all);
    }
    Interval a = StepTransfers.reals(call, ranges, 0, 1, 2);
    Interval b = StepTransfers.reals(call, ranges, 3, 4, 5);
    double aError = errors.get(0).max() * call.tensor(1).doubleAt(0);
    double bError = errors.get(3).max() * call.tensor(4).doubleAt(0);
    double lipschitz = Activation.of(call.attributes()).lipschitz();
    double real = moved.by(a.magnitude(), aError, b.magnitude(), bError) * lipschitz;
    double magnitude =
        function
                .apply(Interval.symmetric(a.magnitude()), Interval.symmetric(b.magnitude()))
                .magnitude()
            * lipschitz;
    QuantParams output = OutputParameters.of(call, 6, 7);
    return List.of(
        ErrorBound.uniform(StepTransfers.steps(real * (1 + 0x1p-40), magnitude + real, output)));
  }

  /** The same in an operator of ONNX Runtime, which takes 8 bits only, and a Clip for a clamp. */
  static @Nullable Expansion expansion(OpCall call, OpId op) {
    ElementType a = call.type(0).elementType();
    ElementType b = call.type(3).elementType();
    ElementType y = OutputParameters.elementType(call, 6, 7);
    Activation activation = Activation.of(call.attributes());
    boolean bytes = a.bits() == 8 && b.bits() == 8 && y.bits() == 8;
    if (!bytes || !activation.isClamp() || !OutputParameters.known(call, 6, 7)) {
      return null;
    }
    ExpansionChain chain = new ExpansionChain();
    List<String> inputs =
        List.of(
            Expansion.input(0),
            Expansion.input(1),
            chain.zeroPoint(call, 2, a),
            Expansion.input(3),
            Expansion.input(4),
            chain.zeroPoint(call, 5, b),
            Expansion.input(6),
            chain.zeroPoint(call, 7, y));
    QuantParams output = OutputParameters.of(call, 6, 7);
    Epilogue clamp = Epilogue.of(1, new float[] {1}, activation, output);
    return chain.start(op, Attributes.NONE, inputs).clamp(clamp.low(), clamp.high(), y).build();
  }
}
