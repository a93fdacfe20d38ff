package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.Shape;

/** QTable on channels-last 8-bit values with a table for each channel. */
final class ChannelTableKernel implements Kernel {
  private static final int SIZE = 256;

  /** Pixels of a unit. */
  private static final int RUN = 256;

  @Override
  public boolean supports(KernelCall call) {
    return call.constant(1) != null
        && call.isArrayCall()
        && call.shape(1).rank() == 2
        && call.shape(0).rank() > 1
        && call.shape(0).elementCount() > 0;
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layout.CHANNELS_LAST;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Shape shape = call.shape(0);
    int channels = shape.intSize(1);
    return new Prepared(
        call.tensor(1).toBytes(), channels, Math.toIntExact(shape.elementCount() / channels));
  }

  private record Prepared(byte[] tables, int channels, int pixels) implements PreparedKernel {
    @Override
    public int units() {
      return Math.ceilDiv(pixels, RUN);
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input == 1;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      int last = Math.min(pixels, end * RUN);
      for (int pixel = first * RUN; pixel < last; pixel++) {
        int from = x.offset() + pixel * channels;
        int to = y.offset() + pixel * channels;
        for (int c = 0; c < channels; c++) {
          y.bytes()[to + c] = tables[c * SIZE + (x.bytes()[from + c] & 0xff)];
        }
      }
    }
  }
}
