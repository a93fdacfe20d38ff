package dev.fixpoint.op.quant;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;

/** An integer tensor while it is filled element by element. */
final class IntegerOutput {
  private final ElementType type;
  private final Shape shape;
  private final byte[] bytes;
  private final long[] longs;

  IntegerOutput(ElementType type, Shape shape) {
    int count = Math.toIntExact(shape.elementCount());
    this.type = type;
    this.shape = shape;
    this.bytes = new byte[type.bits() == 8 ? count : 0];
    this.longs = new long[type.bits() == 8 ? 0 : count];
  }

  /** Sets an element to an integer that fits the type. */
  void set(int index, long value) {
    if (type.bits() == 8) {
      bytes[index] = (byte) value;
    } else {
      longs[index] = value;
    }
  }

  /** The tensor. */
  Tensor tensor() {
    return type.bits() == 8
        ? Tensor.ofBytes(type, shape, bytes)
        : Tensor.ofLongs(type, shape, longs);
  }
}
