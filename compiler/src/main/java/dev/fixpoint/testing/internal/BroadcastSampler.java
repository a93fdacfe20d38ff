package dev.fixpoint.testing.internal;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators of elements at the same place, broadcast together; also those that nobody knows. */
final class BroadcastSampler implements Sampler {
  private static final Float[] NUMBERS = {0f, 1f, 0.5f, 2f, 0.01f, -0.5f, 1.5f};

  @Override
  public void fill(Slots slots) {
    Shape wish = slots.wish();
    Shape joint = joint(slots);
    Shape result = joint != null ? joint : wish != null ? wish : Shapes.any(slots.random());
    boolean first = joint == null;
    for (int i = 0; i < slots.count(); i++) {
      if (slots.isOpen(i)) {
        slots.open(i, first ? result : Shapes.broadcasting(larger(slots, result), slots.random()));
        first = false;
      }
    }
    slots.op().schema().attributes().forEach(key -> attribute(slots, key));
  }

  /** The shape itself, or now and then one of a higher rank that it broadcasts to. */
  private static Shape larger(Slots slots, Shape shape) {
    if (!slots.oneIn(12) || shape.rank() > 3) {
      return shape;
    }
    List<Long> sizes = new ArrayList<>(List.of(2L));
    for (long size : shape.sizes()) {
      sizes.add(size);
    }
    return Shapes.of(sizes);
  }

  static void attribute(Slots slots, Attribute<?> key) {
    boolean wanted = key.isRequired() || (key.defaultValue() != null && slots.oneIn(2));
    if (!wanted || slots.has(key.name())) {
      return;
    }
    if (key.kind() == AttributeValue.OfFloat.class) {
      slots.set(key.name(), slots.pick(NUMBERS));
    } else if (key.kind() == AttributeValue.OfInt.class
        && key.defaultValue() instanceof Long given) {
      slots.set(key.name(), slots.oneIn(3) ? (long) slots.between(0, 1) : given);
    } else if (key.kind() == AttributeValue.OfInt.class) {
      slots.set(key.name(), (long) slots.between(0, 2));
    }
  }

  private static @Nullable Shape joint(Slots slots) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < slots.count(); i++) {
      if (slots.isTyped(i)) {
        shapes.add(slots.shape(i));
      }
    }
    return shapes.isEmpty() ? null : Shapes.joint(shapes);
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    Shape joint = joint(slots);
    return joint != null ? joint : slots.wish();
  }
}
