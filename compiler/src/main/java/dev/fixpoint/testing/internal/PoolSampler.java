package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Pools: windows over spatial dimensions, or all of them at once. */
final class PoolSampler implements Sampler {
  private final boolean global;
  private final boolean quantized;

  PoolSampler(boolean global, boolean quantized) {
    this.global = global;
    this.quantized = quantized;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    return WindowSampler.image(
        slots, slots.between(1, 2), slots.between(1, 3), slots.pick(1, 2, 2));
  }

  @Override
  public void fill(Slots slots) {
    Shape wish = slots.wish();
    Shape drawn = wish != null && wish.rank() > 2 ? wish : wish(slots, 0);
    if (drawn != null && quantized) {
      QuantSampler.requantize(slots, drawn);
    } else if (drawn != null) {
      slots.open(0, drawn);
    }
    if (global) {
      return;
    }
    int rank = slots.shape(0).rank() - 2;
    if (rank < 1) {
      throw new RejectedDraw("a pool needs spatial dimensions");
    }
    int[] kernel = WindowSampler.draws(slots, rank, 1, 3);
    slots.set("kernel_shape", kernel);
    WindowSampler.geometry(slots, rank, kernel);
    if (slots.oneIn(4)) {
      slots.set("ceil_mode", 1L);
    }
    slots.set("count_include_pad", (long) slots.between(0, 1));
  }
}
