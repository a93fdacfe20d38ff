package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scalar twin for the first work of a process, the vector kernels from then on. Loading the
 * Vector API and running it before it is compiled takes longer than a small network in plain Java;
 * and since both give the same bits, nobody can tell.
 */
final class AdaptiveInt8Kernels implements Int8Kernels {
  /** Elementary operations that are done by the twin. */
  private static final long BUDGET = 20_000_000;

  private final Int8Kernels twin;
  private final Supplier<Int8Kernels> supplier;
  private long done;
  private volatile @Nullable Int8Kernels fast;

  AdaptiveInt8Kernels(Int8Kernels twin, Supplier<Int8Kernels> supplier) {
    this.twin = twin;
    this.supplier = supplier;
  }

  /**
   * Weights that are packed for the kernels in use; the plain form goes when the fast one comes.
   */
  private static final class Lazy implements PackedWeights {
    private final int columns;
    private final boolean isDepthwise;
    private @Nullable Int8Weights plain;
    private volatile @Nullable PackedWeights slow;
    private volatile @Nullable PackedWeights fast;

    Lazy(Int8Weights weights, boolean isDepthwise) {
      this.columns = weights.columns();
      this.isDepthwise = isDepthwise;
      this.plain = weights;
    }

    /** The weights as the kernels want them; null where the plain form has gone meanwhile. */
    @Nullable PackedWeights of(Int8Kernels kernels, boolean isFast) {
      PackedWeights known = isFast ? fast : slow;
      return known != null ? known : pack(kernels, isFast);
    }

    private synchronized @Nullable PackedWeights pack(Int8Kernels kernels, boolean isFast) {
      PackedWeights known = isFast ? fast : slow;
      Int8Weights weights = plain;
      if (known != null || weights == null) {
        return known;
      }
      PackedWeights made = isDepthwise ? kernels.packDepthwise(weights) : kernels.pack(weights);
      if (isFast) {
        fast = made;
        slow = null;
        plain = null;
      } else {
        slow = made;
      }
      return made;
    }

    /** Whether this is the form for the fast kernels, which stays once it is there. */
    @SuppressWarnings("ReferenceEquality")
    boolean isFast(PackedWeights packed) {
      return packed == fast;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public synchronized long bytes() {
      PackedWeights known = fast != null ? fast : slow;
      Int8Weights weights = plain;
      if (known != null) {
        return known.bytes();
      }
      return weights == null ? 0 : weights.values().length + 12L * columns;
    }
  }

  /** The kernels for some more work. */
  private Int8Kernels kernels(long work) {
    Int8Kernels known = fast;
    if (known != null) {
      return known;
    }
    return slowOrFast(work);
  }

  /** The kernels for some more work on weights that are packed for the fast ones already. */
  private Int8Kernels requireFast() {
    return kernels(BUDGET);
  }

  /** Weights as the kernels want them that do some more work on them. */
  private PackedWeights packed(Lazy weights, long work) {
    Int8Kernels chosen = kernels(work);
    PackedWeights packed = weights.of(chosen, !chosen.equals(twin));
    return packed != null ? packed : Objects.requireNonNull(weights.of(requireFast(), true));
  }

  /** The kernels that a form of weights was packed for. */
  private Int8Kernels kernelsOf(Lazy weights, PackedWeights packed) {
    return weights.isFast(packed) ? requireFast() : twin;
  }

  private synchronized Int8Kernels slowOrFast(long work) {
    Int8Kernels known = fast;
    if (known != null) {
      return known;
    }
    if (done + work < BUDGET) {
      done += work;
      return twin;
    }
    Int8Kernels made = supplier.get();
    fast = made;
    return made;
  }

  @Override
  public String description() {
    return supplier.get().description() + ", after a start in plain Java";
  }

  @Override
  public PackedWeights pack(Int8Weights weights) {
    return new Lazy(weights, false);
  }

  @Override
  public PackedWeights packDepthwise(Int8Weights weights) {
    return new Lazy(weights, true);
  }

  @Override
  public void convolve(
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
      Scratch scratch) {
    long columns = Math.min(weights.columns(), (long) (endBlock - firstBlock) * COLUMN_BLOCK);
    long pixels = (long) (endRow - firstRow) * geometry.outWidth();
    Lazy lazy = (Lazy) weights;
    PackedWeights packed = packed(lazy, pixels * columns * geometry.depth());
    kernelsOf(lazy, packed)
        .convolve(
            geometry,
            packed,
            epilogue,
            x,
            y,
            residual,
            firstRow,
            endRow,
            firstBlock,
            endBlock,
            scratch);
  }

  @Override
  public void multiply(
      int rows, Int8Weights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch) {
    kernels((long) rows * weights.columns() * weights.depth())
        .multiply(rows, weights, epilogue, x, y, scratch);
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
    long columns = Math.min(weights.columns(), (long) (endBlock - firstBlock) * COLUMN_BLOCK);
    Lazy lazy = (Lazy) weights;
    PackedWeights packed = packed(lazy, (endRow - firstRow) * columns * geometry.depth());
    kernelsOf(lazy, packed)
        .product(
            geometry,
            packed,
            inputZeroPoint,
            epilogue,
            x,
            y,
            firstRow,
            endRow,
            firstBlock,
            endBlock,
            scratch);
  }

  @Override
  public void depthwise(
      ConvGeometry geometry,
      PackedWeights weights,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      Scratch scratch) {
    long pixels = (long) (endRow - firstRow) * geometry.outWidth();
    Lazy lazy = (Lazy) weights;
    PackedWeights packed = packed(lazy, pixels * weights.columns() * geometry.depth());
    kernelsOf(lazy, packed)
        .depthwise(geometry, packed, epilogue, x, y, residual, firstRow, endRow, scratch);
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
    kernels(count).quantize(x, from, y, to, count, unsigned, zeroPoint, scale);
  }

  @Override
  public void dequantize(byte[] x, int from, Affine8 source, float[] y, int to, int count) {
    kernels(count).dequantize(x, from, source, y, to, count);
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
    kernels(count).requantize(x, from, source, y, to, target, count, scratch);
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
    kernels(count)
        .combine(
            multiply,
            a,
            fromA,
            stepA,
            sourceA,
            b,
            fromB,
            stepB,
            sourceB,
            activation,
            y,
            to,
            target,
            count,
            scratch);
  }

  @Override
  public void max(byte[] x, int from, byte[] y, int to, int count, boolean unsigned) {
    kernels(count).max(x, from, y, to, count, unsigned);
  }

  @Override
  public void sum(byte[] x, int from, boolean unsigned, int[] sums, int to, int count) {
    kernels(count).sum(x, from, unsigned, sums, to, count);
  }

  @Override
  public void lookUp(byte[] x, int from, byte[] table, byte[] y, int to, int count) {
    twin.lookUp(x, from, table, y, to, count);
  }
}
