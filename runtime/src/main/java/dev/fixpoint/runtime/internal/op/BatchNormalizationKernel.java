package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.BatchNormalization;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;

/** BatchNormalization of float32 with constant statistics, as a factor and a shift by channel. */
final class BatchNormalizationKernel implements Kernel {
  private static final int PARAMETERS = 4;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.element(0) == ElementType.FLOAT
        && call.outputTypes().size() == 1
        && call.shape(0).rank() >= 2
        && call.shape(0).elementCount() > 0
        && call.get(BatchNormalization.TRAINING_MODE) == 0
        && Quantization.areConstant(call, 1, 2, 3, PARAMETERS);
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    float[] factors = call.tensor(1).toFloats();
    float[] shifts = call.tensor(2).toFloats();
    float[] means = call.tensor(3).toFloats();
    float[] variances = call.tensor(PARAMETERS).toFloats();
    float epsilon = call.get(BatchNormalization.EPSILON);
    for (int c = 0; c < factors.length; c++) {
      double factor = factors[c] / Math.sqrt((double) variances[c] + epsilon);
      factors[c] = (float) factor;
      shifts[c] = (float) (shifts[c] - means[c] * factor);
    }
    Shape shape = call.shape(0);
    int channels = shape.intSize(1);
    int positions = Math.toIntExact(shape.elementCount() / shape.size(0) / channels);
    int batch = shape.intSize(0);
    boolean last = layout(call) == Layout.CHANNELS_LAST || positions == 1;
    return last
        ? new Pixels(factors, shifts, Math.multiplyExact(batch, positions))
        : new Planes(factors, shifts, Math.multiplyExact(batch, channels), positions);
  }

  /** Rows of all channels. */
  private record Pixels(float[] factors, float[] shifts, int pixels) implements PreparedKernel {
    @Override
    public int units() {
      return pixels;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      int channels = factors.length;
      for (int pixel = first; pixel < end; pixel++) {
        int from = x.offset() + pixel * channels;
        row(x.floats(), from, y.floats(), y.offset() + pixel * channels, channels);
      }
    }

    private void row(float[] x, int from, float[] y, int to, int channels) {
      for (int c = 0; c < channels; c++) {
        y[to + c] = x[from + c] * factors[c] + shifts[c];
      }
    }
  }

  /** Planes of one channel each. */
  private record Planes(float[] factors, float[] shifts, int planes, int length)
      implements PreparedKernel {
    @Override
    public int units() {
      return planes;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      for (int plane = first; plane < end; plane++) {
        int channel = plane % factors.length;
        float factor = factors[channel];
        float shift = shifts[channel];
        plane(x, x.offset() + plane * length, y, y.offset() + plane * length, factor, shift);
      }
    }

    private void plane(Buffer x, int from, Buffer y, int to, float factor, float shift) {
      float[] source = x.floats();
      float[] target = y.floats();
      for (int i = 0; i < length; i++) {
        target[to + i] = source[from + i] * factor + shift;
      }
    }
  }
}
