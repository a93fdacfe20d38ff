package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/**
 * The coarse primitives over 8-bit data that every fast operator is made of. An implementation owns
 * its packing, its tile and its arithmetic; results are equal bit for bit in all of them.
 *
 * <p>Arguments are trusted: operators check them when they are prepared.
 */
public interface Int8Kernels {
  /** Columns of a block, a multiple of the width of every implementation's panels. */
  int COLUMN_BLOCK = 64;

  /** Which implementation this is, such as {@code vector, 256 bits}. */
  String description();

  /** Packs the weights of one group of a convolution or matrix product. */
  PackedWeights pack(Int8Weights weights);

  /** Packs the weights of a depthwise convolution: one column of kernel taps for each channel. */
  PackedWeights packDepthwise(Int8Weights weights);

  /**
   * Output rows {@code firstRow} to {@code endRow} of a convolution, blocks {@code firstBlock} to
   * {@code endBlock} of its columns.
   *
   * @param x channels-last input
   * @param y channels-last output, float or 8-bit as the epilogue says
   * @param residual of the output's shape and layout, or null
   */
  void convolve(
      ConvGeometry geometry,
      PackedWeights weights,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch);

  /**
   * The product of a matrix with weights that change from run to run, without a residual.
   *
   * @param rows rows of the left matrix, which lie side by side in {@code x}
   */
  void multiply(
      int rows, Int8Weights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch);

  /**
   * A convolution as {@link #convolve} or {@link #depthwise} computes it, as the weights were
   * packed, without a residual, for an input whose zero point is not that which they were packed
   * for.
   *
   * @param inputZeroPoint zero point of the input, within the range of its type
   */
  void product(
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
      Scratch scratch);

  /** Output rows {@code firstRow} to {@code endRow} of a convolution with one channel a group. */
  void depthwise(
      ConvGeometry geometry,
      PackedWeights weights,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      Scratch scratch);

  /** Quantizes a run of floats. */
  default void quantize(float[] x, int from, byte[] y, int to, int count, Affine8 target) {
    quantize(x, from, y, to, count, target.unsigned(), target.zeroPoint(), target.scale());
  }

  /** As the other {@code quantize}, with parameters that change from run to run. */
  void quantize(
      float[] x,
      int from,
      byte[] y,
      int to,
      int count,
      boolean unsigned,
      int zeroPoint,
      float scale);

  /** Dequantizes a run of bytes. */
  void dequantize(byte[] x, int from, Affine8 source, float[] y, int to, int count);

  /** Moves a run of bytes to other parameters. */
  void requantize(
      byte[] x,
      int from,
      Affine8 source,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch);

  /**
   * A run of sums or products of two operands, each a run or one byte repeated.
   *
   * @param stepA 1 for a run, 0 for one byte repeated
   * @param stepB 1 for a run, 0 for one byte repeated
   */
  void combine(
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
      Scratch scratch);

  /** Replaces a run of bytes by the larger of it and another run. */
  void max(byte[] x, int from, byte[] y, int to, int count, boolean unsigned);

  /** Adds a run of bytes to a run of ints. */
  void sum(byte[] x, int from, boolean unsigned, int[] sums, int to, int count);

  /** Looks a run of bytes up in a table of 256. */
  void lookUp(byte[] x, int from, byte[] table, byte[] y, int to, int count);
}
