package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * QConvTranspose in operators of ONNX, which has no transposed convolution on integers: both sides
 * dequantized, ConvTranspose in float, the activation, and the result quantized.
 */
final class TransposedExpansion {
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;

  private TransposedExpansion() {}

  /**
   * The expansion of a call; null where parameters are not constants, or where the scales of the
   * weights differ from group to group, which an axis of the weights cannot express.
   */
  static @Nullable Expansion of(OpCall call) {
    Tensor xScale = call.constant(1);
    Tensor wScale = call.constant(4);
    Shape w = call.type(3).shape();
    if (xScale == null
        || wScale == null
        || !w.isStatic()
        || !OutputParameters.known(call, BIAS, Y_SCALE, Y_ZERO)) {
      return null;
    }
    float[] columns = columnScales(Quantized.scales(wScale), w.intSize(1));
    if (columns == null) {
      return null;
    }
    ExpansionChain chain = new ExpansionChain();
    List<String> inputs = new ArrayList<>();
    inputs.add(dequantized(chain, call, 0, Expansion.input(1), "x_float"));
    Tensor scale =
        columns.length == 1
            ? Tensor.ofFloats(Shape.SCALAR, columns)
            : Tensor.ofFloats(Shape.of(columns.length), columns);
    inputs.add(weights(chain, call, chain.constant("w_scales", scale), columns.length));
    Tensor bias = call.constant(BIAS);
    if (bias != null) {
      inputs.add(chain.constant("bias", realBias(bias, xScale, Quantized.scales(wScale))));
    }
    Activation activation = Activation.of(call.attributes());
    chain.start(
        OpId.of("ConvTranspose"),
        call.attributes().without(Activation.KIND.name()).without(Activation.PARAMETERS.name()),
        inputs);
    chain.activate(activation);
    if (call.hasInput(Y_SCALE)) {
      List<String> more = new ArrayList<>(List.of(Expansion.input(Y_SCALE)));
      if (call.hasInput(Y_ZERO)) {
        more.add(Expansion.input(Y_ZERO));
      }
      chain.then(OpId.of("QuantizeLinear"), Attributes.NONE, more.toArray(String[]::new));
    }
    return chain.build();
  }

  /** One scale, or one for each column of the weights where all groups have the same; or null. */
  private static float @Nullable [] columnScales(float[] scales, int columns) {
    if (scales.length == 1) {
      return scales;
    }
    float[] first = new float[columns];
    for (int i = 0; i < scales.length; i++) {
      if (i < columns) {
        first[i] = scales[i];
      } else if (scales[i] != first[i % columns]) {
        return null;
      }
    }
    return first;
  }

  private static String dequantized(
      ExpansionChain chain, OpCall call, int input, String scale, String name) {
    List<String> inputs = new ArrayList<>(List.of(Expansion.input(input), scale));
    if (call.hasInput(input + 2)) {
      inputs.add(Expansion.input(input + 2));
    }
    return chain.beside(OpId.of("DequantizeLinear"), inputs, name);
  }

  /** The weights as numbers; DequantizeLinear has axis 1 by default, that of their columns. */
  private static String weights(ExpansionChain chain, OpCall call, String scale, int scales) {
    Tensor zero = call.constant(5);
    if (zero == null || scales == 1) {
      return dequantized(chain, call, 3, scale, "w_float");
    }
    long[] each = new long[scales];
    Arrays.fill(each, zero.longAt(0));
    String zeros =
        chain.constant("w_zeros", Tensor.ofLongs(zero.elementType(), Shape.of(scales), each));
    return chain.beside(
        OpId.of("DequantizeLinear"), List.of(Expansion.input(3), scale, zeros), "w_float");
  }

  private static Tensor realBias(Tensor bias, Tensor xScale, float[] wScales) {
    float[] real = new float[Math.toIntExact(bias.elementCount())];
    float x = Quantized.single(Quantized.scales(xScale));
    for (int c = 0; c < real.length; c++) {
      real[c] = (float) bias.longAt(c) * (x * wScales[wScales.length == 1 ? 0 : c]);
    }
    return Tensor.ofFloats(Shape.of(real.length), real);
  }
}
