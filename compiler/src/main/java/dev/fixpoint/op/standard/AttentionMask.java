package dev.fixpoint.op.standard;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is added to each score of a call of {@link Attention}: the mask given, and −∞ where
 * causality, the window, or the number of valid keys forbids to attend.
 */
final class AttentionMask {
  private final @Nullable Tensor mask;
  private final int[] strides;
  private final int maskKeys;
  private final long @Nullable [] validKeys;
  private final long @Nullable [] offsets;
  private final long offset;
  private final long left;
  private final long right;

  private AttentionMask(OpCall call, int queries, int keys) {
    this.mask = call.hasInput(Attention.MASK) ? call.tensor(Attention.MASK) : null;
    this.maskKeys = mask == null ? keys : Math.toIntExact(lastSize(mask.shape()));
    this.strides = mask == null ? new int[4] : strides(call, mask, queries, keys);
    long batches = Attention.heads(call, 0, Attention.Q_NUM_HEADS).size(0);
    Axes.requireShape(call, Attention.NONPAD, batches);
    this.validKeys =
        call.hasInput(Attention.NONPAD) ? call.tensor(Attention.NONPAD).toLongs() : null;
    boolean hasPast = call.hasInput(Attention.PAST_KEY);
    this.offset = hasPast ? call.tensor(Attention.PAST_KEY).shape().size(2) : 0;
    this.offsets =
        validKeys == null || hasPast
            ? null
            : Arrays.stream(validKeys).map(valid -> valid - queries).toArray();
    this.left = call.get(Attention.LEFT_WINDOW_SIZE);
    long window = call.get(Attention.RIGHT_WINDOW_SIZE);
    this.right = call.attributes().isSet(Attention.IS_CAUSAL) ? 0 : window;
  }

  static AttentionMask of(OpCall call, int queries, int keys) {
    return new AttentionMask(call, queries, keys);
  }

  private static long lastSize(Shape shape) {
    if (shape.rank() == 0) {
      throw new IllegalArgumentException("attn_mask should have at least one axis");
    }
    return shape.size(-1);
  }

  /** How the mask, as long as it is along the keys, repeats over batch, heads, queries and keys. */
  private static int[] strides(OpCall call, Tensor mask, int queries, int keys) {
    Shape heads = Attention.heads(call, 0, Attention.Q_NUM_HEADS);
    long width = lastSize(mask.shape());
    if (width > keys) {
      throw new IllegalArgumentException(
          "attn_mask of shape " + mask.shape() + " for " + keys + " keys");
    }
    Shape all = Shape.of(heads.size(0), heads.size(1), queries, width);
    return Broadcasting.strides(mask.shape(), all);
  }

  /** What is added to the score of a query and a key. */
  double at(int batch, int head, int row, int column) {
    long position = row + (offsets == null ? offset : offsets[batch]);
    boolean isReachable =
        (left < 0 || column >= position - left)
            && (right < 0 || column <= position + right)
            && (validKeys == null || column < validKeys[batch]);
    if (!isReachable) {
      return Double.NEGATIVE_INFINITY;
    }
    if (mask == null) {
      return 0;
    }
    if (column >= maskKeys) {
      return Double.NEGATIVE_INFINITY;
    }
    long place =
        (long) batch * strides[0]
            + (long) head * strides[1]
            + (long) row * strides[2]
            + (long) column * strides[3];
    double entry = mask.doubleAt(place);
    if (mask.elementType() != ElementType.BOOL) {
      return entry;
    }
    return entry != 0 ? 0 : Double.NEGATIVE_INFINITY;
  }
}
