package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Operators that give the same elements another shape or order. */
final class LayoutSamplers {
  private LayoutSamplers() {}

  /** Opens the first input with the wished shape, or with any. */
  static Shape first(Slots slots, int leastRank) {
    Shape wish = slots.wish();
    slots.open(
        0,
        wish != null && wish.rank() >= leastRank
            ? wish
            : Shapes.atLeast(leastRank, slots.random()));
    Shape shape = slots.shape(0);
    if (shape.rank() < leastRank) {
      throw new RejectedDraw(slots.op().id() + " takes no rank " + shape.rank());
    }
    return shape;
  }

  static void reshape(Slots slots) {
    Shape wish = slots.wish();
    if (wish != null) {
      slots.open(0, Shapes.refactored(wish, slots.random()));
    }
    Shape from = first(slots, 0);
    boolean fits = wish != null && wish.elementCount() == from.elementCount();
    Shape target = fits && wish != null ? wish : Shapes.refactored(from, slots.random());
    long[] sizes = target.sizes();
    if (sizes.length > 0 && from.elementCount() > 0) {
      for (int i = 0; i < Math.min(sizes.length, from.rank()); i++) {
        sizes[i] = sizes[i] == from.size(i) && slots.oneIn(3) ? 0 : sizes[i];
      }
      if (slots.oneIn(2)) {
        sizes[slots.between(0, sizes.length - 1)] = -1;
      }
    }
    slots.constant(1, Tensor.vector(sizes));
  }

  static void transpose(Slots slots) {
    Shape wish = slots.wish();
    Integer[] order = new Integer[wish != null ? wish.rank() : 0];
    if (wish != null && slots.isOpen(0)) {
      Arrays.setAll(order, i -> i);
      Collections.shuffle(Arrays.asList(order), new Random(slots.random().nextLong()));
      long[] sizes = new long[order.length];
      for (int i = 0; i < order.length; i++) {
        sizes[order[i]] = wish.size(i);
      }
      slots.open(0, Shape.of(sizes));
      slots.set("perm", Arrays.stream(order).mapToInt(i -> i).toArray());
      return;
    }
    int rank = first(slots, 0).rank();
    int[] perm = permutation(slots, rank);
    if (!slots.oneIn(5)) {
      slots.set("perm", perm);
    }
  }

  private static int[] permutation(Slots slots, int rank) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      order.add(i);
    }
    if (rank >= 2 && slots.oneIn(2)) {
      Collections.swap(order, rank - 1, rank - 2);
    } else {
      Collections.shuffle(order, new Random(slots.random().nextLong()));
    }
    return order.stream().mapToInt(i -> i).toArray();
  }

  static void flatten(Slots slots) {
    int rank = first(slots, 0).rank();
    if (slots.oneIn(2)) {
      slots.set("axis", (long) slots.between(-rank, rank));
    }
  }

  static void squeeze(Slots slots) {
    Shape drawn = first(slots, 1);
    List<Long> ones = new ArrayList<>();
    for (int i = 0; i < drawn.rank(); i++) {
      if (drawn.size(i) == 1 && !slots.oneIn(4)) {
        ones.add(Shapes.axis(i, drawn.rank(), slots.random()));
      }
    }
    slots.constant(1, Tensor.vector(ones.stream().mapToLong(v -> v).toArray()));
  }

  /** For Squeeze: shapes with a one in them. */
  static @Nullable Shape withOne(Slots slots, int input) {
    Shape base =
        slots.wish() != null ? slots.wish() : Shapes.ofRank(slots.between(1, 3), slots.random());
    List<Long> sizes = new ArrayList<>();
    for (long size : base.sizes()) {
      sizes.add(size);
    }
    sizes.add(slots.between(0, sizes.size()), 1L);
    return input == 0 ? Shapes.of(sizes) : null;
  }

  static void unsqueeze(Slots slots) {
    int rank = first(slots, 0).rank();
    int added = slots.pick(1, 1, 2);
    List<Long> axes = new ArrayList<>();
    for (int i = 0; i < added; i++) {
      long axis = slots.between(0, rank + added - 1);
      if (!axes.contains(axis)) {
        axes.add(axis);
      }
    }
    slots.constant(1, Tensor.vector(axes.stream().mapToLong(v -> v).toArray()));
  }

  static void expand(Slots slots) {
    Shape from = first(slots, 0);
    List<Long> target = new ArrayList<>();
    for (int i = slots.between(0, 1); i > 0; i--) {
      target.add((long) slots.between(1, 3));
    }
    for (long size : from.sizes()) {
      target.add(size == 1 ? slots.between(1, 3) : slots.oneIn(3) ? 1 : size);
    }
    slots.constant(1, Tensor.vector(target.stream().mapToLong(v -> v).toArray()));
  }

  static void tile(Slots slots) {
    int rank = first(slots, 0).rank();
    long[] repeats = new long[rank];
    Arrays.setAll(repeats, _ -> slots.pick(1, 1, 2));
    slots.constant(1, Tensor.vector(repeats));
  }

  static void blocks(Slots slots) {
    Shape wish = slots.wish();
    boolean toSpace = slots.op().id().name().equals("DepthToSpace");
    Shape base = wish != null && wish.rank() == 4 ? wish : Shapes.ofRank(4, slots.random());
    long[] sizes = base.sizes();
    sizes[1] *= toSpace ? 4 : 1;
    sizes[2] *= toSpace ? 1 : 2;
    sizes[3] *= toSpace ? 1 : 2;
    slots.open(0, Shape.of(sizes));
    slots.set("blocksize", 2L);
    if (toSpace && slots.oneIn(2)) {
      slots.set("mode", slots.pick("DCR", "CRD"));
    }
  }
}
