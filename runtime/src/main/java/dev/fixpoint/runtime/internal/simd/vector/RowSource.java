package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.kernel.Buffer;

/** How input elements become the floats that tiles multiply. */
interface RowSource {
  /** Converts a run of elements of the input; {@code from} counts from its first element. */
  void load(Buffer x, int from, int count, float[] to, int at);

  /** Whether tiles may read the input's own array. */
  boolean isDirect();

  /** Float inputs. */
  RowSource FLOATS =
      new RowSource() {
        @Override
        public void load(Buffer x, int from, int count, float[] to, int at) {
          System.arraycopy(x.floats(), x.offset() + from, to, at, count);
        }

        @Override
        public boolean isDirect() {
          return true;
        }
      };

  /** Bytes, centred. */
  record Bytes(byte flip) implements RowSource {
    @Override
    public void load(Buffer x, int from, int count, float[] to, int at) {
      Widening.widen(x.bytes(), x.offset() + from, count, flip, to, at);
    }

    @Override
    public boolean isDirect() {
      return false;
    }
  }
}
