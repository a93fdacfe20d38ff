package dev.fixpoint.runtime.internal.simd.scalar;

import dev.fixpoint.runtime.internal.simd.BlockedWeights;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatKernels;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.RealFunction;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/** The readable twin of the float32 kernels: plain loops that sum in the order of the kernel. */
public final class ScalarFloatKernels implements FloatKernels {
  /** Weights that are read one by one. */
  private sealed interface Columns extends PackedWeights {
    float at(int column, int index);

    float bias(int column);
  }

  private record Plain(FloatWeights weights) implements Columns {
    @Override
    public float at(int column, int index) {
      return weights.at(column, index);
    }

    @Override
    public float bias(int column) {
      return weights.bias()[column];
    }

    @Override
    public int columns() {
      return weights.columns();
    }

    @Override
    public long bytes() {
      return 4L * (weights.values().length + weights.columns());
    }
  }

  private record Blocked(BlockedWeights weights) implements Columns {
    @Override
    public float at(int column, int index) {
      return weights.at(column, index);
    }

    @Override
    public float bias(int column) {
      return weights.bias()[column];
    }

    @Override
    public int columns() {
      return weights.columns();
    }

    @Override
    public long bytes() {
      int floats = weights.scales().length + weights.zeros().length + weights.columns();
      return weights.codes().length + 4L * floats;
    }
  }

  @Override
  public PackedWeights pack(BlockedWeights weights) {
    return new Blocked(weights);
  }

  @Override
  public PackedWeights pack(FloatWeights weights) {
    return new Plain(weights);
  }

  @Override
  public PackedWeights packDepthwise(FloatWeights weights) {
    return new Plain(weights);
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
    Columns weights = (Columns) packed;
    int firstColumn = firstBlock * Int8Kernels.COLUMN_BLOCK;
    int endColumn = Math.min(weights.columns(), endBlock * Int8Kernels.COLUMN_BLOCK);
    for (int row = firstRow; row < endRow; row++) {
      for (int column = 0; column < g.outWidth(); column++) {
        int pixel = (row * g.outWidth() + column) * g.outPitch() + g.outChannel();
        for (int m = firstColumn; m < endColumn; m++) {
          float sum = dot(g, weights, m, g.inChannel(), x, row, column);
          store(epilogue, sum, y, residual, pixel + m);
        }
      }
    }
  }

  @Override
  public void multiply(
      int rows, FloatWeights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch) {
    ConvGeometry g = ConvGeometry.matrix(rows, weights.depth(), weights.columns());
    PackedWeights packed = pack(weights);
    convolve(g, packed, epilogue, x, y, null, 0, rows, 0, packed.blocks(), scratch);
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
    Columns weights = (Columns) packed;
    int multiplier = weights.columns() / g.inPitch();
    for (int row = firstRow; row < endRow; row++) {
      for (int column = 0; column < g.outWidth(); column++) {
        int pixel = (row * g.outWidth() + column) * g.outPitch();
        for (int m = 0; m < weights.columns(); m++) {
          float sum = dot(g, weights, m, m / multiplier, x, row, column);
          store(epilogue, sum, y, residual, pixel + m);
        }
      }
    }
  }

  private static float dot(
      ConvGeometry g, Columns weights, int m, int firstChannel, Buffer x, int row, int column) {
    int image = row / g.outHeight();
    int top = row % g.outHeight() * g.strideHeight() - g.padTop();
    int left = column * g.strideWidth() - g.padLeft();
    float sum = weights.bias(m);
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
          sum += x.floats()[from + c] * weights.at(m, index + c);
        }
      }
    }
    return sum;
  }

  private static void store(
      Epilogue epilogue, float sum, Buffer y, @Nullable Buffer residual, int position) {
    float summed = residual == null ? sum : sum + residual.floats()[residual.offset() + position];
    y.floats()[y.offset() + position] = epilogue.activation().applyFloat(summed);
  }

  @Override
  public void map(
      RealFunction function, float[] x, int from, float[] y, int to, int count, Scratch scratch) {
    for (int i = 0; i < count; i++) {
      y[to + i] = function.apply(x[from + i]);
    }
  }

  @Override
  public void max(float[] x, int from, float[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Math.max(y[to + i], x[from + i]);
    }
  }

  @Override
  public void extremes(float[] x, int from, int count, float[] extremes) {
    for (int i = from; i < from + count; i++) {
      extremes[0] = Math.min(extremes[0], x[i]);
      extremes[1] = Math.max(extremes[1], x[i]);
    }
  }
}
