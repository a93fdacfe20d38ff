package dev.fixpoint.op.quant;

import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The output of an operator while its epilogue fills it from accumulators. */
final class EpilogueOutput {
  private final Epilogue epilogue;
  private final Shape shape;
  private final float @Nullable [] residual;
  private final @Nullable IntegerOutput integers;
  private final float[] reals;

  EpilogueOutput(Epilogue epilogue, Shape shape, float @Nullable [] residual) {
    if (residual != null && residual.length != shape.elementCount()) {
      throw new IllegalArgumentException(
          "the residual has "
              + residual.length
              + " elements, but the output has the shape "
              + shape);
    }
    QuantParams output = epilogue.output();
    this.epilogue = epilogue;
    this.shape = shape;
    this.residual = residual;
    this.integers = output == null ? null : new IntegerOutput(output.elementType(), shape);
    this.reals = new float[output == null ? Math.toIntExact(shape.elementCount()) : 0];
  }

  /** Fills consecutive elements, all of one channel. */
  void plane(int channel, int offset, long[] accumulators) {
    for (int i = 0; i < accumulators.length; i++) {
      set(offset + i, channel, accumulators[i]);
    }
  }

  /**
   * Takes rows by where they start, each with one element for each channel.
   *
   * @param wide whether accumulators may have 64 bits
   */
  IntegerProduct.RowConsumer rows(boolean wide) {
    return new IntegerProduct.RowConsumer() {
      @Override
      public void accept(int offset, int[] row) {
        for (int c = 0; c < row.length; c++) {
          set(offset + c, c, row[c]);
        }
      }

      @Override
      public void acceptWide(int offset, long[] row) {
        for (int c = 0; c < row.length; c++) {
          set(offset + c, c, wide ? row[c] : IntegerProduct.accumulator(row[c]));
        }
      }
    };
  }

  private void set(int index, int channel, long accumulator) {
    if (integers == null) {
      reals[index] =
          residual == null
              ? epilogue.real(accumulator, channel)
              : epilogue.real(accumulator, channel, residual[index]);
    } else {
      integers.set(
          index,
          residual == null
              ? epilogue.quantized(accumulator, channel)
              : epilogue.quantized(accumulator, channel, residual[index]));
    }
  }

  /** The tensor. */
  Tensor tensor() {
    return integers == null ? Tensor.ofFloats(shape, reals) : integers.tensor();
  }
}
