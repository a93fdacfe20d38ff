package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/** The same panels as {@link Int8Kernels} over float32 data. */
public interface FloatKernels {
  /** Packs the weights of one group of a convolution or matrix product. */
  PackedWeights pack(FloatWeights weights);

  /** Packs the weights of a matrix product, which stay integers of few bits. */
  PackedWeights pack(BlockedWeights weights);

  /** Packs the weights of a depthwise convolution: one column of kernel taps for each channel. */
  PackedWeights packDepthwise(FloatWeights weights);

  /**
   * Output rows {@code firstRow} to {@code endRow} of {@code act(convolution + residual)} as the
   * epilogue says, blocks {@code firstBlock} to {@code endBlock} of its columns.
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
      int rows, FloatWeights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch);

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

  /** Maps a run of floats; source and target may be the same. */
  void map(
      RealFunction function, float[] x, int from, float[] y, int to, int count, Scratch scratch);

  /** Replaces a run of floats by the larger of it and another run; NaN is the largest. */
  void max(float[] x, int from, float[] y, int to, int count);

  /** Widens the range from {@code extremes[0]} to {@code extremes[1]} so that it holds a run. */
  void extremes(float[] x, int from, int count, float[] extremes);
}
