package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Quantizers and dequantizers: a tensor, its scale and its zero point, per tensor or per axis. */
final class QuantSampler implements Sampler {
  private final boolean fromIntegers;

  QuantSampler(boolean fromIntegers) {
    this.fromIntegers = fromIntegers;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    return input == 0 ? slots.wish() : null;
  }

  @Override
  public void fill(Slots slots) {
    Shape wish = slots.wish();
    Shape shape = wish != null ? wish : Shapes.any(slots.random());
    ElementType integers = integers(slots);
    if (fromIntegers) {
      slots.open(0, new TensorType(integers, shape), Fill.ANY);
    } else {
      slots.open(0, shape);
    }
    Shape x = slots.shape(0);
    Shape parameters = parameters(slots, x);
    ElementType real =
        fromIntegers || !slots.type(0).elementType().isFloat()
            ? ElementType.FLOAT
            : scale(slots, slots.type(0).elementType());
    slots.open(1, new TensorType(real, parameters), Fill.STEP);
    slots.open(2, new TensorType(integers, slots.shape(1)), Fill.ZERO_POINT);
  }

  /** The type of scales: that of the tensor, and now and then another. */
  private static ElementType scale(Slots slots, ElementType tensor) {
    return slots.oneIn(6) ? slots.pick(ElementType.FLOAT, ElementType.FLOAT16) : tensor;
  }

  private ElementType integers(Slots slots) {
    if (fromIntegers && slots.isTyped(0)) {
      return slots.type(0).elementType();
    }
    return slots.isTyped(2)
        ? slots.type(2).elementType()
        : slots.pick(
            ElementType.INT8,
            ElementType.UINT8,
            ElementType.INT8,
            ElementType.UINT8,
            ElementType.INT16);
  }

  private static Shape parameters(Slots slots, Shape x) {
    for (int i = 1; i <= 2; i++) {
      if (slots.isTyped(i)) {
        return slots.shape(i);
      }
    }
    boolean perAxis = x.rank() >= 1 && slots.oneIn(3);
    if (!perAxis) {
      return slots.oneIn(5) ? Shape.of(1) : Shape.SCALAR;
    }
    int axis = x.rank() == 1 || slots.oneIn(2) ? 0 : 1;
    slots.set("axis", Shapes.axis(axis, x.rank(), slots.random()));
    return Shape.of(x.size(axis));
  }

  /** Element-wise operators of two quantized tensors, each followed by its parameters. */
  static void binary(Slots slots) {
    Shape a = slots.isTyped(0) ? slots.shape(0) : Shapes.any(slots.random());
    ElementType type = slots.isTyped(0) ? slots.type(0).elementType() : Operands.bytes(slots);
    slots.open(0, new TensorType(type, a), Fill.ANY);
    slots.open(3, new TensorType(type, Shapes.broadcasting(a, slots.random())), Fill.ANY);
    parameters(slots, 1, type);
    parameters(slots, 4, type);
    parameters(slots, 6, type);
  }

  /** A tensor under other parameters. */
  static void requantize(Slots slots) {
    requantize(slots, slots.wish() != null ? slots.wish() : Shapes.any(slots.random()));
  }

  /** A tensor, its parameters, and those of the result. */
  static void requantize(Slots slots, Shape shape) {
    slots.open(0, new TensorType(Operands.bytes(slots), shape), Fill.ANY);
    ElementType type = slots.type(0).elementType();
    parameters(slots, 1, type);
    parameters(slots, 3, slots.oneIn(3) ? Operands.bytes(slots) : type);
  }

  /** Tensors to be joined, each with its parameters, after those of the result. */
  static void concat(Slots slots) {
    int first = 2;
    Shape shape = LayoutSamplers.first(slots, 1);
    for (int i = first; i < slots.count(); i += 3) {
      shape = slots.isTyped(i) ? slots.shape(i) : shape;
    }
    if (shape.rank() == 0 || slots.count() % 3 != first) {
      throw new RejectedDraw("nothing that can be joined");
    }
    int axis = slots.between(0, shape.rank() - 1);
    slots.set("axis", Shapes.axis(axis, shape.rank(), slots.random()));
    ElementType type = Operands.bytes(slots);
    for (int i = first; i < slots.count(); i += 3) {
      type = slots.isTyped(i) ? slots.type(i).elementType() : type;
    }
    parameters(slots, 0, type);
    for (int i = first; i < slots.count(); i += 3) {
      Shape part = shape.with(axis, Dimension.of(slots.between(1, 3)));
      slots.open(i, new TensorType(type, part), Fill.ANY);
      parameters(slots, i + 1, type);
    }
  }

  /** A tensor, its scales, a zero point that mostly is zero, and a number of bits. */
  static void qonnx(Slots slots) {
    slots.open(0, slots.wish() != null ? slots.wish() : Shapes.any(slots.random()));
    int rank = slots.shape(0).rank();
    Shape scales = Shape.SCALAR;
    if (rank > 0 && slots.oneIn(3)) {
      long[] sizes = new long[rank];
      Arrays.fill(sizes, 1);
      sizes[0] = slots.shape(0).size(0);
      scales = Shape.of(sizes);
    }
    slots.open(1, new TensorType(ElementType.FLOAT, scales), Fill.STEP);
    slots.constant(2, Tensor.ofFloats(Shape.SCALAR, slots.oneIn(8) ? 1 : 0));
    slots.constant(3, Tensor.ofFloats(Shape.SCALAR, slots.pick(8f, 8f, 8f, 4f, 3f, 2f)));
    slots.set("signed", slots.between(0, 1));
    slots.set("narrow", slots.oneIn(3) ? 1L : 0L);
  }

  /** A table of 256 bytes. */
  static void table(Slots slots) {
    Shape shape = slots.wish() != null ? slots.wish() : Shapes.any(slots.random());
    slots.open(0, new TensorType(Operands.bytes(slots), shape), Fill.ANY);
    byte[] entries = new byte[256];
    slots.random().nextBytes(entries);
    slots.constant(1, Tensor.ofBytes(Operands.bytes(slots), Shape.of(256), entries));
  }

  private static void parameters(Slots slots, int scale, ElementType type) {
    slots.open(scale, new TensorType(ElementType.FLOAT, Shape.SCALAR), Fill.STEP);
    slots.open(scale + 1, new TensorType(type, Shape.SCALAR), Fill.ZERO_POINT);
  }
}
