package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Normalizations: by channel with running statistics, or over the last axes. */
final class NormSampler implements Sampler {
  private static final int VARIANCE = 4;

  private final boolean byChannel;

  NormSampler(boolean byChannel) {
    this.byChannel = byChannel;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    if (input != 0) {
      return null;
    }
    Shape wish = slots.wish();
    return wish != null && wish.rank() >= 2
        ? wish
        : byChannel ? Shapes.ofRank(slots.pick(2, 2, 3, 4, 4, 4), slots.random()) : null;
  }

  @Override
  public void fill(Slots slots) {
    Shape wish = wish(slots, 0);
    slots.open(0, wish != null ? wish : Shapes.atLeast(1, slots.random()));
    if (byChannel) {
      statistics(slots);
    } else {
      trailing(slots);
    }
  }

  private static void statistics(Slots slots) {
    Shape x = slots.shape(0);
    if (x.rank() < 2) {
      throw new RejectedDraw("no channels");
    }
    ElementType type = slots.type(0).elementType();
    boolean wider = slots.oneIn(4) && type != ElementType.DOUBLE;
    ElementType affine = wider && slots.oneIn(2) ? ElementType.FLOAT : type;
    ElementType moments = wider ? ElementType.FLOAT : type;
    Shape channels = Shape.of(x.size(1));
    for (int i = 1; i < slots.count(); i++) {
      boolean statistic = i >= VARIANCE - 1;
      slots.open(
          i,
          new TensorType(statistic ? moments : affine, channels),
          i == VARIANCE ? Fill.VARIANCE : Fill.ANY);
    }
    if (slots.oneIn(2)) {
      slots.set("epsilon", slots.pick(1e-5f, 1e-3f, 0.1f, 1f));
    }
    slots.outputs(1);
    if (slots.oneIn(16)) {
      slots.set("training_mode", 1L);
      slots.outputs(slots.pick(1, 3));
    } else if (slots.oneIn(8)) {
      slots.set("training_mode", 0L);
    }
  }

  private static void trailing(Slots slots) {
    Shape x = slots.shape(0);
    int axis = slots.oneIn(2) ? x.rank() - 1 : slots.between(0, Math.max(0, x.rank() - 1));
    if (x.rank() == 0) {
      throw new RejectedDraw("a scalar has no axis");
    }
    if (axis != x.rank() - 1 || slots.oneIn(2)) {
      slots.set("axis", Shapes.axis(axis, x.rank(), slots.random()));
    }
    Shape normalized = Shape.of(Arrays.copyOfRange(x.sizes(), axis, x.rank()));
    for (int i = 1; i < slots.count(); i++) {
      slots.open(i, normalized);
    }
    if (slots.oneIn(2)) {
      slots.set("epsilon", slots.pick(1e-5f, 1e-3f, 0.1f));
    }
  }
}
