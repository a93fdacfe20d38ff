package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import org.jspecify.annotations.Nullable;

/**
 * Weights in panels of {@link Tiles#WIDE} columns, all columns of one depth side by side; a last
 * panel with no more columns than one vector has is half as wide.
 *
 * @param <A> array in which the rows lie that are multiplied with these panels
 */
abstract class Panels<A> implements PackedWeights {
  /** Panels in a block of columns. */
  static final int IN_BLOCK = Int8Kernels.COLUMN_BLOCK / Tiles.WIDE;

  private static final boolean HALVES = LANES >= Species.BYTE_LANES;

  private final int columns;
  private final int depth;
  private final PerGeometry<RowBlock<A>> blocks;
  private @Nullable ConvGeometry matrix;

  Panels(int columns, int depth, RowStore<A> store) {
    this.columns = columns;
    this.depth = depth;
    this.blocks = new PerGeometry<>(geometry -> new RowBlock<>(geometry, store));
  }

  /** How rows are read for a geometry. */
  final RowBlock<A> block(ConvGeometry geometry) {
    return blocks.get(geometry);
  }

  @Override
  public final int columns() {
    return columns;
  }

  /** Number of panels. */
  final int panels() {
    return Math.ceilDiv(columns, Tiles.WIDE);
  }

  final int depth() {
    return depth;
  }

  /** The product of a matrix with these panels. */
  final ConvGeometry matrix(int rows) {
    ConvGeometry known = matrix;
    if (known == null || known.outHeight() != rows) {
      known = ConvGeometry.matrix(rows, depth, columns);
      matrix = known;
    }
    return known;
  }

  /** Columns of a panel, padding included. */
  final int width(int panel) {
    return HALVES && columns - panel * Tiles.WIDE <= LANES ? LANES : Tiles.WIDE;
  }

  /** Columns of a panel without padding. */
  final int used(int panel) {
    return Math.min(Tiles.WIDE, columns - panel * Tiles.WIDE);
  }

  /** Elements of all panels, padding included. */
  static int size(int columns, int depth) {
    int full = columns / Tiles.WIDE * Tiles.WIDE;
    int rest = columns - full;
    int last = rest == 0 ? 0 : HALVES && rest <= LANES ? LANES : Tiles.WIDE;
    return Math.multiplyExact(full + last, depth);
  }

  /** Where in the packed elements a stretch of a panel begins. */
  final int position(int panel, int from) {
    return panel * Tiles.WIDE * depth + from * width(panel);
  }
}
