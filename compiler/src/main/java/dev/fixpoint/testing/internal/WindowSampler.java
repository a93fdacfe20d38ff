package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Convolutions, transposed ones among them: groups, strides, dilations, padding of all kinds. */
final class WindowSampler implements Sampler {
  private final boolean transposed;
  private final Operands operands;

  WindowSampler(boolean transposed, Operands operands) {
    this.transposed = transposed;
    this.operands = operands;
  }

  /** What is decided of a convolution before its inputs are. */
  private static final class Plan {
    private int rank;
    private int[] kernel = {};
    private int channels;
    private int groups;
    private int features;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    if (input != operands.left()) {
      return null;
    }
    int spatial = spatialRank(slots);
    int depth =
        slots.size() == SizeClass.SMALL ? slots.between(1, 4) : slots.size().draw(slots.random());
    return image(slots, slots.between(1, 2), depth, spatial);
  }

  @Override
  public void fill(Slots slots) {
    Plan plan = new Plan();
    plan.rank = spatialRank(slots);
    Shape wish = slots.wish();
    boolean same = wish != null && wish.rank() == plan.rank + 2 && !slots.isTyped(operands.right());
    plan.kernel = kernel(slots, plan.rank, same);
    channels(slots, plan, same && wish != null ? wish.intSize(1) : 0);
    operands.open(slots, operands.left(), imageFor(slots, plan, same ? wish : null));
    operands.open(slots, operands.right(), weights(plan));
    attributes(slots, plan, same);
    slots.activation();
    operands.open(slots, operands.addend(), Shape.of(plan.features));
    operands.openParameters(slots, plan.features);
    if (slots.isOpen(operands.residual())) {
      operands.open(slots, operands.residual(), slots.inferred().shape());
    }
  }

  private int spatialRank(Slots slots) {
    for (int i : new int[] {operands.left(), operands.right()}) {
      if (slots.isTyped(i)) {
        int rank = slots.shape(i).rank() - 2;
        if (rank < 1 || rank > 3) {
          throw new RejectedDraw("a convolution of rank " + rank);
        }
        return rank;
      }
    }
    Shape wish = slots.wish();
    return wish != null && wish.rank() >= 3 && wish.rank() <= 5
        ? wish.rank() - 2
        : slots.pick(1, 2, 2, 2, 2, 3);
  }

  private int[] kernel(Slots slots, int rank, boolean same) {
    int[] kernel = new int[rank];
    for (int i = 0; i < rank; i++) {
      kernel[i] =
          slots.isTyped(operands.right())
              ? slots.shape(operands.right()).intSize(i + 2)
              : same ? slots.pick(1, 3) : slots.between(1, 3);
    }
    return kernel;
  }

  private void channels(Slots slots, Plan plan, int wishedFeatures) {
    int window = Arrays.stream(plan.kernel).reduce(1, (a, b) -> a * b);
    if (slots.isTyped(operands.right())) {
      Shape w = slots.shape(operands.right());
      int inner = w.intSize(transposed ? 0 : 1);
      int outer = w.intSize(transposed ? 1 : 0);
      plan.groups = groupsOf(slots, plan, inner, outer);
      plan.channels = transposed ? inner : inner * plan.groups;
      plan.features = transposed ? outer * plan.groups : outer;
      return;
    }
    int products = slots.size().draw(slots.random());
    int perGroup =
        Math.max(
            1,
            slots.size() == SizeClass.SMALL
                ? products / window
                : -Math.floorDiv(-products, window));
    if (slots.isTyped(operands.left())) {
      plan.channels = slots.shape(operands.left()).intSize(1);
      plan.groups = groupsOf(slots, plan.channels);
    } else {
      plan.groups = perGroup > 8 ? 1 : slots.pick(1, 1, 1, 2, 3);
      plan.channels = (slots.oneIn(6) && plan.groups > 1 ? 1 : perGroup) * plan.groups;
    }
    plan.features = wishedFeatures > 0 ? wishedFeatures : plan.groups * slots.between(1, 3);
    if (plan.features % plan.groups != 0) {
      plan.groups = 1;
    }
  }

  private int groupsOf(Slots slots, Plan plan, int inner, int outer) {
    if (slots.isTyped(operands.left())) {
      int channels = slots.shape(operands.left()).intSize(1);
      return transposed ? groupsOf(slots, inner) : Math.max(1, channels / inner);
    }
    return transposed ? groupsOf(slots, inner) : groupsOf(slots, outer);
  }

  private static int groupsOf(Slots slots, int channels) {
    return switch (slots.between(0, 4)) {
      case 0 -> channels;
      case 1 -> (int) Shapes.divisor(channels, slots.random());
      default -> 1;
    };
  }

  private Shape weights(Plan plan) {
    List<Long> sizes = new ArrayList<>();
    sizes.add((long) (transposed ? plan.channels : plan.features));
    sizes.add((long) (transposed ? plan.features : plan.channels) / plan.groups);
    for (int k : plan.kernel) {
      sizes.add((long) k);
    }
    return Shapes.of(sizes);
  }

  private Shape imageFor(Slots slots, Plan plan, @Nullable Shape wish) {
    if (wish != null) {
      List<Long> sizes = new ArrayList<>(List.of(wish.size(0), (long) plan.channels));
      for (int i = 0; i < plan.rank; i++) {
        sizes.add(wish.size(i + 2));
      }
      return Shapes.of(sizes);
    }
    return image(slots, slots.between(1, 2), plan.channels, plan.rank);
  }

  static Shape image(Slots slots, int batch, int channels, int rank) {
    List<Long> sizes = new ArrayList<>(List.of((long) batch, (long) channels));
    for (int i = 0; i < rank; i++) {
      sizes.add((long) slots.between(1, slots.size() == SizeClass.LARGE || rank > 2 ? 3 : 5));
    }
    return Shapes.of(sizes);
  }

  private void attributes(Slots slots, Plan plan, boolean same) {
    if (plan.groups != 1 || slots.oneIn(4)) {
      slots.set("group", (long) plan.groups);
    }
    if (slots.oneIn(2)) {
      slots.set("kernel_shape", plan.kernel);
    }
    if (same) {
      int[] half = Arrays.stream(plan.kernel).map(k -> k / 2).toArray();
      slots.set("pads", joined(half, half));
      return;
    }
    geometry(slots, plan.rank, plan.kernel);
    if (transposed && slots.oneIn(4)) {
      slots.set("output_padding", draws(slots, plan.rank, 0, 1));
    }
  }

  /** Strides, dilations and padding. */
  static void geometry(Slots slots, int rank, int[] kernel) {
    if (slots.oneIn(2)) {
      slots.set("strides", draws(slots, rank, 1, 2));
    }
    if (slots.oneIn(4)) {
      slots.set("dilations", draws(slots, rank, 1, 2));
    }
    if (slots.oneIn(8)) {
      slots.set("auto_pad", slots.pick("SAME_UPPER", "SAME_LOWER", "VALID"));
    } else if (slots.oneIn(2)) {
      int[] pads = new int[2 * rank];
      for (int i = 0; i < pads.length; i++) {
        pads[i] = Math.min(slots.between(0, 2), Math.max(0, kernel[i % rank] - 1));
      }
      slots.set("pads", pads);
    }
  }

  static int[] draws(Slots slots, int count, int low, int high) {
    int[] values = new int[count];
    Arrays.setAll(values, _ -> slots.between(low, high));
    return values;
  }

  private static int[] joined(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
