package dev.fixpoint.runtime.internal.simd.scalar;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Rounder;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/** The readable twin: plain integer loops, the oracle of every other implementation. */
public final class ScalarInt8Kernels implements Int8Kernels {
  private static final int LEVELS = 255;

  private record Plain(Int8Weights weights, boolean isDepthwise) implements PackedWeights {
    @Override
    public int columns() {
      return weights.columns();
    }

    @Override
    public long bytes() {
      return weights.values().length + 8L * weights.columns();
    }
  }

  @Override
  public String description() {
    return "scalar";
  }

  @Override
  public PackedWeights pack(Int8Weights weights) {
    return new Plain(weights, false);
  }

  @Override
  public PackedWeights packDepthwise(Int8Weights weights) {
    return new Plain(weights, true);
  }

  @Override
  public void convolve(
      ConvGeometry g,
      PackedWeights packed,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    Int8Weights weights = ((Plain) packed).weights();
    int firstColumn = firstBlock * Int8Kernels.COLUMN_BLOCK;
    int endColumn = Math.min(weights.columns(), endBlock * Int8Kernels.COLUMN_BLOCK);
    for (int row = firstRow; row < endRow; row++) {
      for (int column = 0; column < g.outWidth(); column++) {
        int pixel = (row * g.outWidth() + column) * g.outPitch();
        for (int m = firstColumn; m < endColumn; m++) {
          int sum = dot(g, weights, m, g.inChannel(), x, row, column);
          int channel = g.outChannel() + m;
          store(epilogue, sum, channel, y, residual, pixel + channel);
        }
      }
    }
  }

  @Override
  public void multiply(
      int rows, Int8Weights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch) {
    ConvGeometry g = ConvGeometry.matrix(rows, weights.depth(), weights.columns());
    PackedWeights packed = pack(weights);
    convolve(g, packed, epilogue, x, y, null, 0, rows, 0, packed.blocks(), scratch);
  }

  @Override
  public void product(
      ConvGeometry geometry,
      PackedWeights weights,
      int inputZeroPoint,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    Plain plain = (Plain) weights;
    Int8Weights shifted = plain.weights().withInputZeroPoint(inputZeroPoint);
    if (plain.isDepthwise()) {
      PackedWeights taps = packDepthwise(shifted);
      depthwise(geometry, taps, epilogue, x, y, null, firstRow, endRow, scratch);
      return;
    }
    convolve(
        geometry,
        pack(shifted),
        epilogue,
        x,
        y,
        null,
        firstRow,
        endRow,
        firstBlock,
        endBlock,
        scratch);
  }

  @Override
  public void depthwise(
      ConvGeometry g,
      PackedWeights packed,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      Scratch scratch) {
    Int8Weights weights = ((Plain) packed).weights();
    int multiplier = weights.columns() / g.inPitch();
    for (int row = firstRow; row < endRow; row++) {
      for (int column = 0; column < g.outWidth(); column++) {
        int pixel = (row * g.outWidth() + column) * g.outPitch();
        for (int m = 0; m < weights.columns(); m++) {
          int sum = dot(g, weights, m, m / multiplier, x, row, column);
          store(epilogue, sum, m, y, residual, pixel + m);
        }
      }
    }
  }

  private static int dot(
      ConvGeometry g, Int8Weights weights, int m, int firstChannel, Buffer x, int row, int column) {
    int image = row / g.outHeight();
    int top = row % g.outHeight() * g.strideHeight() - g.padTop();
    int left = column * g.strideWidth() - g.padLeft();
    int sum = weights.bias()[m];
    int index = 0;
    for (int ky = 0; ky < g.kernelHeight(); ky++) {
      int iy = top + ky * g.dilationHeight();
      for (int kx = 0; kx < g.kernelWidth(); kx++, index += g.channels()) {
        int ix = left + kx * g.dilationWidth();
        if (iy < 0 || iy >= g.inHeight() || ix < 0 || ix >= g.inWidth()) {
          continue;
        }
        int pixel = (image * g.inHeight() + iy) * g.inWidth() + ix;
        int from = x.offset() + pixel * g.inPitch() + firstChannel;
        for (int c = 0; c < g.channels(); c++) {
          byte stored = x.bytes()[from + c];
          int value = weights.inputUnsigned() ? stored & 0xff : stored;
          sum += (value - weights.inputZeroPoint()) * weights.at(m, index + c);
        }
      }
    }
    return sum;
  }

  private static void store(
      Epilogue epilogue, int sum, int channel, Buffer y, @Nullable Buffer residual, int position) {
    float summand = 0;
    if (residual != null) {
      int at = residual.offset() + position;
      summand =
          epilogue.residual().kind() == Epilogue.Residual.Source.FLOATS
              ? residual.floats()[at]
              : epilogue.residualOf(residual.bytes()[at]);
    }
    int at = y.offset() + position;
    if (epilogue.kind() == Epilogue.Kind.FLOAT || epilogue.kind() == Epilogue.Kind.SHIFTED) {
      y.floats()[at] = epilogue.real(sum, channel, summand);
    } else {
      y.bytes()[at] = epilogue.integer(sum, channel, summand);
    }
  }

  @Override
  public void quantize(
      float[] x,
      int from,
      byte[] y,
      int to,
      int count,
      boolean unsigned,
      int zeroPoint,
      float scale) {
    int low = unsigned ? 0 : Byte.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      y[to + i] = Rounder.saturate(x[from + i] / scale, zeroPoint, low, low + LEVELS);
    }
  }

  @Override
  public void dequantize(byte[] x, int from, Affine8 source, float[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = source.real(x[from + i]);
    }
  }

  @Override
  public void requantize(
      byte[] x,
      int from,
      Affine8 source,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch) {
    for (int i = 0; i < count; i++) {
      y[to + i] = target.quantize(source.real(x[from + i]));
    }
  }

  @Override
  public void combine(
      boolean multiply,
      byte[] a,
      int fromA,
      int stepA,
      Affine8 sourceA,
      byte[] b,
      int fromB,
      int stepB,
      Affine8 sourceB,
      Activation activation,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch) {
    for (int i = 0; i < count; i++) {
      float left = sourceA.real(a[fromA + i * stepA]);
      float right = sourceB.real(b[fromB + i * stepB]);
      float combined = multiply ? left * right : left + right;
      y[to + i] = target.quantize(activation.applyFloat(combined));
    }
  }

  @Override
  public void max(byte[] x, int from, byte[] y, int to, int count, boolean unsigned) {
    int flip = unsigned ? Byte.MIN_VALUE : 0;
    for (int i = 0; i < count; i++) {
      if ((byte) (x[from + i] ^ flip) > (byte) (y[to + i] ^ flip)) {
        y[to + i] = x[from + i];
      }
    }
  }

  @Override
  public void sum(byte[] x, int from, boolean unsigned, int[] sums, int to, int count) {
    for (int i = 0; i < count; i++) {
      sums[to + i] += unsigned ? x[from + i] & 0xff : x[from + i];
    }
  }

  @Override
  public void lookUp(byte[] x, int from, byte[] table, byte[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = table[x[from + i] & 0xff];
    }
  }
}
