package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;

/** Operators that take parts of tensors, join them, pad them, or convert their elements. */
final class PartSamplers {
  private static final ElementType[] TARGETS = {
    ElementType.FLOAT,
    ElementType.FLOAT,
    ElementType.DOUBLE,
    ElementType.FLOAT16,
    ElementType.BFLOAT16,
    ElementType.INT64,
    ElementType.INT32,
    ElementType.INT8,
    ElementType.BOOL
  };

  private PartSamplers() {}

  static void concat(Slots slots) {
    Shape like = null;
    for (int i = 0; i < slots.count() && like == null; i++) {
      like = slots.isTyped(i) ? slots.shape(i) : null;
    }
    Shape shape = like != null ? like : LayoutSamplers.first(slots, 1);
    int rank = shape.rank();
    if (rank == 0) {
      throw new RejectedDraw("scalars cannot be joined");
    }
    int axis = rank > 1 && slots.oneIn(2) ? 1 : slots.between(0, rank - 1);
    slots.set("axis", Shapes.axis(axis, rank, slots.random()));
    for (int i = 0; i < slots.count(); i++) {
      slots.open(i, shape.with(axis, Dimension.of(slots.between(1, 3))));
    }
  }

  static void split(Slots slots) {
    Shape shape = LayoutSamplers.first(slots, 1);
    int axis = slots.between(0, shape.rank() - 1);
    int size = shape.intSize(axis);
    slots.set("axis", Shapes.axis(axis, shape.rank(), slots.random()));
    int parts = Math.max(1, Math.min(size, Math.max(slots.outputs(), slots.between(1, 3))));
    slots.outputs(parts);
    if (slots.isOpen(1)) {
      long[] sizes = new long[parts];
      Arrays.fill(sizes, size / parts);
      sizes[0] += size % parts;
      slots.constant(1, Tensor.vector(sizes));
    } else if (!slots.isPresent(1)) {
      slots.set("num_outputs", (long) parts);
    }
  }

  static void slice(Slots slots) {
    Shape shape = LayoutSamplers.first(slots, 1);
    boolean named = slots.isPresent(3);
    int count = named ? slots.between(1, shape.rank()) : shape.rank();
    long[] starts = new long[count];
    long[] ends = new long[count];
    long[] axes = new long[count];
    long[] steps = new long[count];
    for (int i = 0; i < count; i++) {
      int size = shape.intSize(i);
      boolean whole = slots.oneIn(3);
      boolean backwards = slots.isOpen(4) && slots.oneIn(5);
      starts[i] = backwards ? size - 1 : whole ? 0 : slots.between(0, Math.max(0, size - 1));
      ends[i] =
          backwards ? -size - 1 : whole ? Long.MAX_VALUE : slots.between((int) starts[i], size);
      axes[i] = Shapes.axis(i, shape.rank(), slots.random());
      steps[i] = backwards ? -1 : slots.pick(1, 1, 1, 2);
    }
    slots.constant(1, Tensor.vector(starts));
    slots.constant(2, Tensor.vector(ends));
    slots.constant(3, Tensor.vector(axes));
    slots.constant(4, Tensor.vector(steps));
  }

  static void gather(Slots slots) {
    Shape shape = LayoutSamplers.first(slots, 1);
    int axis = slots.between(0, shape.rank() - 1);
    if (axis != 0 || slots.oneIn(2)) {
      slots.set("axis", Shapes.axis(axis, shape.rank(), slots.random()));
    }
    int size = shape.intSize(axis);
    if (size == 0) {
      throw new RejectedDraw("nothing to gather");
    }
    Shape indices = Shapes.ofRank(slots.pick(0, 1, 1, 2), slots.random());
    long[] values = new long[Math.toIntExact(indices.elementCount())];
    Arrays.setAll(values, _ -> slots.between(-size, size - 1));
    slots.constant(1, Tensor.ofLongs(ElementType.INT64, indices, values));
  }

  static void pad(Slots slots) {
    Shape shape = LayoutSamplers.first(slots, 1);
    int rank = shape.rank();
    boolean spatial = rank > 2 && !slots.oneIn(4);
    boolean named = slots.isOpen(3);
    int first = spatial ? 2 : 0;
    int count = named ? rank - first : rank;
    long[] pads = new long[2 * count];
    for (int i = 0; i < count; i++) {
      boolean padded = named || i >= first;
      pads[i] = padded ? slots.between(0, 2) : 0;
      pads[i + count] = padded ? slots.between(0, 2) : 0;
    }
    slots.constant(1, Tensor.vector(pads));
    if (slots.isOpen(2)) {
      ElementType type = slots.type(0).elementType();
      double value = type.isFloat() ? slots.pick(0.0, 0.0, 0.0, -1.5, 1.0) : slots.between(0, 1);
      slots.constant(2, Tensor.scalar(type, value));
    }
    long[] axes = new long[count];
    Arrays.setAll(axes, i -> Shapes.axis(i + rank - count, rank, slots.random()));
    slots.constant(3, Tensor.vector(axes));
    if (slots.oneIn(5)) {
      slots.set("mode", slots.pick("constant", "reflect", "edge", "wrap"));
    }
  }

  static void cast(Slots slots) {
    LayoutSamplers.first(slots, 0);
    slots.set("to", (long) slots.pick(TARGETS).code());
  }

  static void clip(Slots slots) {
    LayoutSamplers.first(slots, 0);
    ElementType type = slots.type(0).elementType();
    double low = type.isFloat() ? slots.pick(0.0, 0.0, -1.0, 0.5, -3.0) : 0;
    double high = type.isFloat() ? slots.pick(6.0, 6.0, 1.0, 3.0, -0.5) : 5;
    slots.constant(1, Tensor.scalar(type, low));
    slots.constant(2, Tensor.scalar(type, high));
  }

  static void dropout(Slots slots) {
    LayoutSamplers.first(slots, 0);
    slots.open(1, Shape.SCALAR);
    slots.constant(2, Tensor.ofLongs(ElementType.BOOL, Shape.SCALAR, slots.oneIn(6) ? 1 : 0));
    if (slots.oneIn(4)) {
      slots.outputs(2);
    }
  }

  /** Scaled dot-product attention on {@code [batch, heads, length, size]}. */
  static void attention(Slots slots) {
    long batch = slots.between(1, 2);
    long heads = slots.between(1, 2);
    long depth = slots.between(1, 4);
    long keys = slots.between(1, 4);
    long queries = slots.between(1, 3);
    for (int i = 0; i < 3; i++) {
      if (slots.isTyped(i) && slots.shape(i).rank() == 4) {
        batch = slots.shape(i).size(0);
        heads = slots.shape(i).size(1);
        depth = i < 2 ? slots.shape(i).size(3) : depth;
        keys = i > 0 ? slots.shape(i).size(2) : keys;
        queries = i == 0 ? slots.shape(i).size(2) : queries;
      }
    }
    slots.open(0, Shape.of(batch, heads, queries, depth));
    slots.open(1, Shape.of(batch, heads, keys, depth));
    slots.open(2, Shape.of(batch, heads, keys, slots.between(1, 4)));
    slots.open(3, new TensorType(slots.elementType(), Shape.of(queries, keys)), Fill.ANY);
    if (slots.oneIn(2)) {
      slots.set("scale", slots.pick(1f, 0.5f, 0.125f));
    }
  }
}
