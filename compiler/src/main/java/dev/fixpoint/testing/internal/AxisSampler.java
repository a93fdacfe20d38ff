package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Functions along an axis or over some axes: reductions, Softmax and its kin. */
final class AxisSampler implements Sampler {
  private final boolean manyAxes;

  AxisSampler(boolean manyAxes) {
    this.manyAxes = manyAxes;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    Shape wish = slots.wish();
    return input == 0 && wish != null && wish.rank() > 0 ? wish : null;
  }

  @Override
  public void fill(Slots slots) {
    Shape wish = wish(slots, 0);
    slots.open(0, wish != null ? wish : Shapes.atLeast(1, slots.random()));
    int rank = slots.shape(0).rank();
    if (manyAxes) {
      slots.constant(1, chosen(slots, rank));
    } else if (slots.oneIn(2)) {
      slots.set("axis", Shapes.anyAxis(rank, slots.random()));
    }
    if (slots.oneIn(2)) {
      slots.set("keepdims", (long) slots.between(0, 1));
    }
    if (slots.oneIn(8)) {
      slots.set("noop_with_empty_axes", 1L);
    }
  }

  private static Tensor chosen(Slots slots, int rank) {
    return switch (slots.between(0, 3)) {
      case 0 -> Tensor.vector(-1);
      case 1 -> rank > 2 ? trailing(rank) : Shapes.axes(rank, slots.random());
      default -> Shapes.axes(rank, slots.random());
    };
  }

  /** All axes but the first two, as global pooling takes them. */
  private static Tensor trailing(int rank) {
    long[] axes = new long[rank - 2];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i + 2;
    }
    return Tensor.vector(axes);
  }
}
