package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** QConv and ONNX QLinearConv with constant weights and parameters, over channels-last images. */
final class QConvKernel implements Kernel {
  private static final int ABSENT = Integer.MAX_VALUE;

  /** Positions of the inputs of QConv. */
  static final QConvKernel FUSED = new QConvKernel(6, 7, 8, 9, 10, 11);

  /** Positions of the inputs of ONNX QLinearConv. */
  static final QConvKernel LINEAR = new QConvKernel(8, 6, 7, ABSENT, ABSENT, ABSENT);

  private final int bias;
  private final int yScale;
  private final int yZero;
  private final int residual;
  private final int residualScale;
  private final int residualZero;

  private QConvKernel(
      int bias, int yScale, int yZero, int residual, int residualScale, int residualZero) {
    this.bias = bias;
    this.yScale = yScale;
    this.yZero = yZero;
    this.residual = residual;
    this.residualScale = residualScale;
    this.residualZero = residualZero;
  }

  @Override
  public boolean supports(KernelCall call) {
    if (!Quantization.isByte(call, 0)
        || !Quantization.isByte(call, 3)
        || !ConvShapes.areSupported(call, 3)
        || !Quantization.hasArrayOutput(call)) {
      return false;
    }
    int columns = call.shape(3).intSize(0);
    return Quantization.areConstant(
            call, 1, 2, 3, 4, 5, bias, yScale, yZero, residualScale, residualZero)
        && Quantization.isSingle(call, 1)
        && Quantization.isSingle(call, 2)
        && Quantization.isPerChannel(call, 4, columns)
        && Quantization.isPerChannel(call, 5, columns)
        && isResidualSupported(call);
  }

  private boolean isResidualSupported(KernelCall call) {
    if (!call.has(residual)) {
      return true;
    }
    boolean typed =
        call.has(residualScale)
            ? Quantization.isByte(call, residual)
            : call.element(residual) == ElementType.FLOAT;
    return typed && call.shape(residual).equals(call.outputType().shape());
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    PreparedConvolution.Packed packed =
        call.packed().get(call.node(), PreparedConvolution.Packed.class, () -> pack(call));
    ConvGeometry g = ConvShapes.geometry(call, 3);
    int groups = packed.groups().size();
    List<ConvGeometry> geometries = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      ConvGeometry group = g.group(i, call.shape(3).intSize(0) / groups);
      geometries.add(packed.isDepthwise() ? g : group.flattened());
    }
    return new PreparedConvolution(
        packed,
        geometries,
        call.has(residual) ? residual : -1,
        PreparedConvolution.inputs(3),
        PreparedConvolution.inputs(1, 2, 3, 4, 5, 6, 7, 8, 10, 11));
  }

  private PreparedConvolution.Packed pack(KernelCall call) {
    Tensor w = call.tensor(3);
    int groups = ConvShapes.groups(call);
    int columns = w.shape().intSize(0);
    int channels = w.shape().intSize(1);
    boolean depthwise = channels == 1 && groups > 1;
    if (depthwise) {
      Int8Weights all = weights(call, 0, columns);
      if (all.fitsFloat()) {
        PackedWeights packed = Primitives.of(call.packed()).int8().packDepthwise(all);
        return new PreparedConvolution.Packed(
            List.of(packed), true, true, epilogue(call, List.of(all)));
      }
    }
    int each = columns / groups;
    List<Int8Weights> parts = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      parts.add(weights(call, i * each, each));
    }
    return new PreparedConvolution.Packed(
        parts.stream().map(Primitives.of(call.packed()).int8()::pack).toList(),
        false,
        true,
        epilogue(call, parts));
  }

  private Int8Weights weights(KernelCall call, int first, int count) {
    Tensor w = call.tensor(3);
    int columns = w.shape().intSize(0);
    int channels = w.shape().intSize(1);
    int positions = Math.toIntExact(w.elementCount() / columns / channels);
    int[] zeros = Quantization.zeros(call, 5, columns);
    int[] biases = Quantization.bias(call, bias, columns);
    return IntegerProofs.proved(
        new Int8Weights(
            ConvShapes.channelsInside(w.toBytes(), first, count, channels, positions),
            count,
            channels * positions,
            w.elementType() == ElementType.UINT8,
            Arrays.copyOfRange(zeros, first, first + count),
            Arrays.copyOfRange(biases, first, first + count),
            call.element(0) == ElementType.UINT8,
            Quantization.zero(call, 2)));
  }

  private Epilogue epilogue(KernelCall call, List<Int8Weights> parts) {
    int columns = call.shape(3).intSize(0);
    return Quantization.epilogue(
        call,
        Quantization.scale(call, 1),
        Quantization.scales(call, 4, columns),
        IntegerProofs.magnitudes(parts),
        yScale,
        yZero,
        residual(call));
  }

  private Epilogue.Residual residual(KernelCall call) {
    if (!call.has(residual)) {
      return Epilogue.Residual.NONE;
    }
    if (!call.has(residualScale)) {
      return Epilogue.Residual.FLOATS;
    }
    return new Epilogue.Residual(
        Epilogue.Residual.Source.BYTES,
        call.element(residual) == ElementType.UINT8,
        Quantization.zero(call, residualZero),
        Quantization.scale(call, residualScale));
  }
}
