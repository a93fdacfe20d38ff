package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads scales and zero points of a call. */
final class Quantization {
  private Quantization() {}

  /** Whether an input is int8 or uint8. */
  static boolean isByte(KernelCall call, int input) {
    return isByte(call.element(input));
  }

  static boolean isByte(ElementType type) {
    return type == ElementType.INT8 || type == ElementType.UINT8;
  }

  /** Whether all of these inputs are constants or absent. */
  static boolean areConstant(KernelCall call, int... inputs) {
    return Arrays.stream(inputs).allMatch(call::isConstantOrAbsent);
  }

  /** Whether a parameter is absent or has one element. */
  static boolean isSingle(KernelCall call, int input) {
    Tensor tensor = call.constant(input);
    return tensor == null ? !call.has(input) : tensor.elementCount() == 1;
  }

  /** The only scale of a parameter input. */
  static float scale(KernelCall call, int input) {
    return call.tensor(input).toFloats()[0];
  }

  /** The only zero point of a parameter input; 0 where absent. */
  static int zero(KernelCall call, int input) {
    return call.has(input) ? (int) call.tensor(input).longAt(0) : 0;
  }

  /** A scale for each of {@code count} channels. */
  static float[] scales(KernelCall call, int input, int count) {
    float[] given = call.tensor(input).toFloats();
    if (given.length == count) {
      return given;
    }
    float[] all = new float[count];
    Arrays.fill(all, given[0]);
    return all;
  }

  /** A zero point for each of {@code count} channels; 0 where absent. */
  static int[] zeros(KernelCall call, int input, int count) {
    int[] all = new int[count];
    if (call.has(input)) {
      long[] given = call.tensor(input).toLongs();
      for (int c = 0; c < count; c++) {
        all[c] = (int) given[given.length == 1 ? 0 : c];
      }
    }
    return all;
  }

  /** An int32 bias for each of {@code count} channels; 0 where absent. */
  static int[] bias(KernelCall call, int input, int count) {
    int[] all = new int[count];
    if (call.has(input)) {
      long[] given = call.tensor(input).toLongs();
      for (int c = 0; c < count; c++) {
        all[c] = (int) given[given.length == 1 ? 0 : c];
      }
    }
    return all;
  }

  /** Whether a parameter is absent, has one element, or one for each channel. */
  static boolean isPerChannel(KernelCall call, int input, int channels) {
    Tensor tensor = call.constant(input);
    return tensor == null
        ? !call.has(input)
        : tensor.elementCount() == 1 || tensor.elementCount() == channels;
  }

  /** How the bytes of an input stand for real numbers. */
  static Affine8 affine(KernelCall call, int input, int scale, int zero) {
    return new Affine8(
        call.element(input) != ElementType.INT8, zero(call, zero), scale(call, scale));
  }

  /** How the bytes of the output stand for real numbers. */
  static Affine8 output(KernelCall call, int scale, int zero) {
    return new Affine8(
        call.outputType().elementType() != ElementType.INT8, zero(call, zero), scale(call, scale));
  }

  /** The parameters of a quantized output. */
  static QuantParams params(KernelCall call, int scale, int zero) {
    return QuantParams.perTensor(
        call.outputType().elementType(), scale(call, scale), zero(call, zero));
  }

  /**
   * The epilogue of an integer product, by the operators' specification.
   *
   * @param magnitudes largest accumulator of each channel
   * @param yScale input with the output's scale; absent for float outputs
   */
  static Epilogue epilogue(
      KernelCall call,
      float xScale,
      float[] weightScales,
      long[] magnitudes,
      int yScale,
      int yZero,
      Epilogue.Residual residual) {
    QuantParams output = call.has(yScale) ? params(call, yScale, yZero) : null;
    var specification =
        dev.fixpoint.op.quant.Epilogue.of(
            xScale, weightScales, Activation.of(call.call().attributes()), output);
    return epilogue(specification, output, magnitudes, residual);
  }

  private static Epilogue epilogue(
      dev.fixpoint.op.quant.Epilogue specification,
      @Nullable QuantParams output,
      long[] magnitudes,
      Epilogue.Residual residual) {
    Activation activation = specification.activation();
    float[] scales = specification.accumulatorScales();
    if (output == null) {
      return Epilogue.toFloat(scales, activation, residual);
    }
    int zero = (int) output.zeroPoint(0);
    if (specification.isClamped() && residual.kind() == Epilogue.Residual.Source.NONE) {
      return Epilogue.clamp(
          specification.multipliers(),
          zero,
          (int) specification.low(),
          (int) specification.high(),
          magnitudes);
    }
    boolean unsigned = !output.elementType().isSigned();
    return Epilogue.general(scales, activation, output.scale(0), zero, unsigned, residual);
  }

  /** Whether the first output lies in an array of floats or of int8 or uint8. */
  static boolean hasArrayOutput(KernelCall call) {
    ElementType type = call.outputType().elementType();
    return Buffer.isArrayType(call.outputType()) && (type == ElementType.FLOAT || isByte(type));
  }
}
