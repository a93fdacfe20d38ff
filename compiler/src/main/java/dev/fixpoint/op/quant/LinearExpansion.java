package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * QConv, QGemm and QMatMul in operators of ONNX and ONNX Runtime. A quantized output after a clamp,
 * of the same type as the input, is QLinearConv, QGemm or QLinearMatMul, then a Clip on integers
 * where the clamp cuts; anything else is an integer product, scaled to float step by step as the
 * epilogue does, and quantized at the end.
 */
final class LinearExpansion {
  private static final int BIAS = 6;
  private static final int Y_SCALE = 7;
  private static final int Y_ZERO = 8;
  private static final int RESIDUAL = 9;
  private static final int R_SCALE = 10;
  private static final int R_ZERO = 11;

  private LinearExpansion() {}

  /** The expansion of a QConv; null where its parameters are not constants or not of 8 bits. */
  static @Nullable Expansion convolution(OpCall call) {
    Epilogue epilogue = epilogue(call, call.type(3).shape().size(0));
    if (epilogue == null) {
      return null;
    }
    Attributes attributes = plain(call);
    QuantParams clamped = call.hasInput(RESIDUAL) ? null : clamped(epilogue);
    ExpansionChain chain = new ExpansionChain();
    if (clamped != null && isKept(call, clamped)) {
      List<String> inputs = quantizedInputs(chain, call);
      if (call.hasInput(BIAS)) {
        inputs.add(Expansion.input(BIAS));
      }
      return chain
          .start(OpId.of("QLinearConv"), attributes, inputs)
          .clamp(epilogue.low(), epilogue.high(), clamped.elementType())
          .build();
    }
    int spatial = call.type(3).shape().rank() - 2;
    chain.start(OpId.of("ConvInteger"), attributes, integerInputs(chain, call));
    if (clamped != null) {
      return requantized(chain, call, epilogue, clamped, spatial);
    }
    scaled(chain, call, epilogue.accumulatorScales(), spatial);
    if (call.hasInput(RESIDUAL)) {
      chain.then(OpId.of("Add"), Attributes.NONE, residual(chain, call));
    }
    return finished(chain, epilogue);
  }

  /** The expansion of a QMatMul; null where its parameters are not constants or not of 8 bits. */
  static @Nullable Expansion matrixProduct(OpCall call) {
    Shape b = call.type(3).shape();
    Epilogue epilogue =
        b.isRanked() && b.rank() > 1 && b.dimension(-1).isFixed()
            ? epilogue(call, b.size(-1))
            : null;
    if (epilogue == null) {
      return null;
    }
    QuantParams clamped = clamped(epilogue);
    ExpansionChain chain = new ExpansionChain();
    if (clamped != null && isKept(call, clamped) && !call.hasInput(BIAS)) {
      return chain
          .start(OpId.of("QLinearMatMul"), Attributes.NONE, quantizedInputs(chain, call))
          .clamp(epilogue.low(), epilogue.high(), clamped.elementType())
          .build();
    }
    chain.start(OpId.of("MatMulInteger"), Attributes.NONE, integerInputs(chain, call));
    if (clamped != null) {
      return requantized(chain, call, epilogue, clamped, 0);
    }
    scaled(chain, call, epilogue.accumulatorScales(), 0);
    return finished(chain, epilogue);
  }

  /** The expansion of a QGemm; null where its parameters are not constants or not of 8 bits. */
  static @Nullable Expansion gemm(OpCall call) {
    Shape b = call.type(3).shape();
    int columns = call.attributes().isSet(QGemm.TRANS_B) ? 0 : 1;
    Epilogue epilogue =
        b.isRanked() && b.dimension(columns).isFixed() ? epilogue(call, b.size(columns)) : null;
    if (epilogue == null) {
      return null;
    }
    QuantParams output = clamped(epilogue);
    ExpansionChain chain = new ExpansionChain();
    List<String> inputs =
        new ArrayList<>(
            List.of(
                Expansion.input(0),
                Expansion.input(1),
                chain.zeroPoint(call, 2, call.type(0).elementType()),
                Expansion.input(3),
                Expansion.input(4),
                chain.zeroPoint(call, 5, call.type(3).elementType())));
    boolean direct = output != null && isKept(call, output);
    inputs.add(call.hasInput(BIAS) ? Expansion.input(BIAS) : "");
    if (output != null && direct) {
      inputs.add(Expansion.input(Y_SCALE));
      inputs.add(chain.zeroPoint(call, Y_ZERO, output.elementType()));
    }
    chain.start(OpId.microsoft("QGemm"), plain(call), inputs);
    return output != null && direct
        ? chain.clamp(epilogue.low(), epilogue.high(), output.elementType()).build()
        : finished(chain, epilogue);
  }

  /** The parameters of an integer output after a clamp; null for any other. */
  private static @Nullable QuantParams clamped(Epilogue epilogue) {
    return epilogue.isClamped() ? epilogue.output() : null;
  }

  /** Whether the output has the type of the activations: others take no other here. */
  private static boolean isKept(OpCall call, QuantParams output) {
    return output.elementType() == call.type(0).elementType();
  }

  /** The clamped epilogue step by step: sums times their multiplier are steps of the output. */
  private static Expansion requantized(
      ExpansionChain chain, OpCall call, Epilogue epilogue, QuantParams output, int spatial) {
    scaled(chain, call, epilogue.multipliers(), spatial);
    return chain
        .then(
            OpId.of("QuantizeLinear"),
            Attributes.NONE,
            chain.constant("step", Tensor.ofFloats(Shape.SCALAR, 1)),
            chain.zeroPoint(call, Y_ZERO, output.elementType()))
        .clamp(epilogue.low(), epilogue.high(), output.elementType())
        .build();
  }

  private static Attributes plain(OpCall call) {
    return call.attributes().without(Activation.KIND.name()).without(Activation.PARAMETERS.name());
  }

  private static @Nullable Epilogue epilogue(OpCall call, long channels) {
    boolean bytes = isByte(call, 0) && isByte(call, 3);
    ElementType output = OutputParameters.elementType(call, Y_SCALE, Y_ZERO);
    Tensor xScale = call.constant(1);
    Tensor wScale = call.constant(4);
    boolean known = OutputParameters.known(call, Y_SCALE, Y_ZERO);
    if (!bytes
        || !known
        || xScale == null
        || wScale == null
        || (output.isInteger() && output.bits() != 8)) {
      return null;
    }
    float[] scales = Quantized.scales(wScale);
    float[] each = new float[Math.toIntExact(channels)];
    for (int c = 0; c < each.length; c++) {
      each[c] = scales[scales.length == 1 ? 0 : c];
    }
    return Epilogue.of(
        Quantized.single(Quantized.scales(xScale)),
        each,
        Activation.of(call.attributes()),
        OutputParameters.find(call, Y_SCALE, Y_ZERO));
  }

  private static boolean isByte(OpCall call, int input) {
    return call.type(input).elementType().bits() == 8;
  }

  private static List<String> quantizedInputs(ExpansionChain chain, OpCall call) {
    ElementType output = OutputParameters.elementType(call, Y_SCALE, Y_ZERO);
    return new ArrayList<>(
        List.of(
            Expansion.input(0),
            Expansion.input(1),
            chain.zeroPoint(call, 2, call.type(0).elementType()),
            Expansion.input(3),
            Expansion.input(4),
            chain.zeroPoint(call, 5, call.type(3).elementType()),
            Expansion.input(Y_SCALE),
            chain.zeroPoint(call, Y_ZERO, output)));
  }

  private static List<String> integerInputs(ExpansionChain chain, OpCall call) {
    return List.of(
        Expansion.input(0),
        Expansion.input(3),
        chain.zeroPoint(call, 2, call.type(0).elementType()),
        weightZero(chain, call));
  }

  /**
   * The zero point of the weights, as one where all are equal: ONNX Runtime takes no others here.
   */
  private static String weightZero(ExpansionChain chain, OpCall call) {
    Tensor zero = call.constant(5);
    boolean equal = zero != null && Arrays.stream(zero.toLongs()).distinct().count() == 1;
    return zero != null && equal
        ? chain.constant("weight_zero", Tensor.scalar(zero.elementType(), zero.longAt(0)))
        : chain.zeroPoint(call, 5, call.type(3).elementType());
  }

  /** Adds the bias to the sums and scales them: exact, then one rounding each. */
  private static void scaled(ExpansionChain chain, OpCall call, float[] scales, int spatial) {
    Tensor bias = call.constant(BIAS);
    if (bias != null) {
      Tensor spread = bias.reshaped(channelShape(bias.elementCount(), spatial));
      chain.then(OpId.of("Add"), Attributes.NONE, chain.constant("bias", spread));
    }
    Tensor scale = Tensor.ofFloats(channelShape(scales.length, spatial), scales);
    chain.toFloat();
    chain.then(OpId.of("Mul"), Attributes.NONE, chain.constant("scale", scale));
  }

  private static Shape channelShape(long channels, int spatial) {
    long[] sizes = new long[spatial + 1];
    Arrays.fill(sizes, 1);
    sizes[0] = channels;
    return Shape.of(sizes);
  }

  private static String residual(ExpansionChain chain, OpCall call) {
    if (!call.hasInput(R_SCALE)) {
      return Expansion.input(RESIDUAL);
    }
    List<String> inputs =
        new ArrayList<>(List.of(Expansion.input(RESIDUAL), Expansion.input(R_SCALE)));
    if (call.hasInput(R_ZERO)) {
      inputs.add(Expansion.input(R_ZERO));
    }
    return chain.beside(OpId.of("DequantizeLinear"), inputs, "residual");
  }

  private static Expansion finished(ExpansionChain chain, Epilogue epilogue) {
    chain.activate(epilogue.activation());
    QuantParams output = epilogue.output();
    if (output != null) {
      chain.then(
          OpId.of("QuantizeLinear"),
          Attributes.NONE,
          Expansion.input(Y_SCALE),
          chain.constant("output_zero", Tensor.scalar(output.elementType(), output.zeroPoint(0))));
    }
    return chain.build();
  }
}
