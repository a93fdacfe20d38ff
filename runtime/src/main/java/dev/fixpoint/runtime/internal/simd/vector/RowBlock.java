package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;

/**
 * The left matrix of a block of output rows: input rows with their padding, converted for the
 * tiles, and where the patch of each output pixel begins in them. Patches are not copied, but for
 * runs that are short or no multiple of what a tile takes at once.
 *
 * <p>The taps of a patch form {@link #runs} stretches of {@link #runLength} neighbouring elements,
 * {@link #shift} apart.
 *
 * @param <A> array in which rows lie
 */
final class RowBlock<A> {
  /** Runs shorter than this are gathered into patches of one run. */
  private static final int SHORT_RUN = 24;

  private static final int BLOCK_PIXELS = 192;
  private static final int BLOCK_BYTES = 256 << 10;

  /** Elements that whole vectors may read and write beyond the last. */
  private static final int SLACK = 2 * Species.BITS / Short.SIZE;

  private final ConvGeometry g;
  private final RowStore<A> store;
  private final boolean gathersPatches;
  private final boolean dilated;
  private final int rowLength;

  /** Where in the input rows the stretches of neighbouring elements of a patch begin. */
  private final int[] stretches;

  RowBlock(ConvGeometry geometry, RowStore<A> store) {
    this.g = geometry;
    this.store = store;
    this.dilated = g.dilationWidth() > 1 && g.kernelWidth() > 1;
    int run = dilated ? g.channels() : g.kernelWidth() * g.channels();
    this.gathersPatches = run < g.depth() && (run < SHORT_RUN || run % store.grain() != 0);
    this.rowLength = g.paddedWidth() * g.channels();
    this.stretches = new int[dilated ? g.kernelHeight() * g.kernelWidth() : g.kernelHeight()];
    Arrays.setAll(stretches, this::stretch);
  }

  private int stretch(int index) {
    if (!dilated) {
      return index * g.dilationHeight() * rowLength;
    }
    int ky = index / g.kernelWidth();
    int kx = index % g.kernelWidth();
    return ky * g.dilationHeight() * rowLength + kx * g.dilationWidth() * g.channels();
  }

  /** Number of runs that a patch consists of. */
  int runs() {
    return gathersPatches ? 1 : stretches.length;
  }

  /** Length of a run. */
  int runLength() {
    return g.depth() / runs();
  }

  /** Distance of a run from the first of its patch. */
  int shift(int run) {
    return gathersPatches ? 0 : stretches[run];
  }

  /** {@link #shift} in bytes. */
  int shiftBytes(int run) {
    return shift(run) * store.elementBytes();
  }

  /** Output rows of a block, so that inputs and accumulators stay in the caches. */
  int rowsPerBlock(int rows) {
    int pixels = Math.max(1, Math.round((float) BLOCK_PIXELS / g.outWidth()));
    long rowBytes = (long) store.elementBytes() * g.strideHeight() * rowLength;
    int fitting = (int) Math.max(1, BLOCK_BYTES / Math.max(1, rowBytes));
    int limit = Math.max(1, Math.min(pixels, fitting));
    return Math.ceilDiv(rows, Math.ceilDiv(rows, limit));
  }

  /**
   * Prepares a block of output rows of one image.
   *
   * @param offsets receives where the patch of each pixel begins, the last repeated up to a whole
   *     number of tiles
   * @param padding the value around the image
   * @return the array in which patches lie
   */
  A fill(Buffer x, int image, int top, int rows, int[] offsets, float padding, Scratch scratch) {
    int pixels = rows * g.outWidth();
    if (isMatrix()) {
      return fillMatrix(x, image * g.inHeight() + top, rows, offsets, scratch);
    }
    int inRows = (rows - 1) * g.strideHeight() + g.spanHeight();
    A elements = store.array(scratch, Slots.ROWS, inRows * rowLength + SLACK);
    int firstRow = top * g.strideHeight() - g.padTop();
    for (int r = 0; r < inRows; r++) {
      if (isRead(r)) {
        fillRow(x, image, firstRow + r, padding, elements, r * rowLength);
      }
    }
    int index = 0;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < g.outWidth(); c++) {
        int row = r * g.strideHeight() * rowLength;
        offsets[index++] = row + c * g.strideWidth() * g.channels();
      }
    }
    if (gathersPatches) {
      elements = gather(elements, offsets, pixels, scratch);
    }
    repeatLast(offsets, pixels);
    return elements;
  }

  private boolean isRead(int row) {
    return g.spanHeight() >= g.strideHeight() || row % g.strideHeight() < g.spanHeight();
  }

  private boolean isMatrix() {
    return g.inWidth() == 1
        && g.outWidth() == 1
        && g.depth() == g.channels()
        && g.inHeight() == g.outHeight()
        && g.strideHeight() == 1
        && g.padTop() == 0
        && g.padLeft() == 0;
  }

  private A fillMatrix(Buffer x, int first, int rows, int[] offsets, Scratch scratch) {
    A direct = g.channels() % store.grain() == 0 ? store.direct(x) : null;
    int depth = g.channels();
    int base = direct == null ? 0 : x.offset() + first * g.inPitch() + g.inChannel();
    int pitch = direct == null ? depth : g.inPitch();
    for (int r = 0; r < rows; r++) {
      offsets[r] = base + r * pitch;
    }
    repeatLast(offsets, rows);
    if (direct != null) {
      return direct;
    }
    A elements = store.array(scratch, Slots.ROWS, rows * depth + SLACK);
    if (g.inPitch() == depth) {
      store.load(x, first * depth, rows * depth, elements, 0);
    } else {
      for (int r = 0; r < rows; r++) {
        store.load(x, (first + r) * g.inPitch() + g.inChannel(), depth, elements, r * depth);
      }
    }
    return elements;
  }

  private static void repeatLast(int[] offsets, int pixels) {
    int end = Math.ceilDiv(pixels, Tiles.NARROW_ROWS) * Tiles.NARROW_ROWS;
    Arrays.fill(offsets, pixels, end, offsets[pixels - 1]);
  }

  private void fillRow(Buffer x, int image, int iy, float padding, A elements, int at) {
    if (iy < 0 || iy >= g.inHeight()) {
      store.fill(elements, at, at + rowLength, padding);
      return;
    }
    int channels = g.channels();
    int left = Math.min(g.padLeft(), g.paddedWidth());
    int count = Math.max(0, Math.min(g.inWidth(), g.paddedWidth() - left));
    store.fill(elements, at, at + left * channels, padding);
    int begin = at + left * channels;
    store.fill(elements, begin + count * channels, at + rowLength, padding);
    int from = (image * g.inHeight() + iy) * g.inWidth() * g.inPitch() + g.inChannel();
    boolean sparse = g.kernelWidth() == 1 && g.strideWidth() > 1 && left == 0;
    if (g.inPitch() == channels && !sparse) {
      store.load(x, from, count * channels, elements, begin);
      return;
    }
    int step = sparse ? g.strideWidth() : 1;
    for (int p = 0; p < count; p += step) {
      store.load(x, from + p * g.inPitch(), channels, elements, begin + p * channels);
    }
  }

  private A gather(A rows, int[] offsets, int pixels, Scratch scratch) {
    int depth = g.depth();
    A patches = store.array(scratch, Slots.PATCHES, pixels * depth + SLACK);
    store.gather(rows, offsets, pixels, stretches, depth / stretches.length, patches);
    for (int p = 0; p < pixels; p++) {
      offsets[p] = p * depth;
    }
    return patches;
  }
}
