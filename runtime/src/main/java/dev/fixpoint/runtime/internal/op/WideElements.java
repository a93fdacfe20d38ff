package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an operand of which some have 16 bits: those are held as a whole tensor, 8-bit
 * and float32 ones lie in arrays in row-major order.
 *
 * @param type element type
 * @param shorts all elements of a 16-bit operand, or null
 * @param buffer where the elements of another lie
 */
record WideElements(ElementType type, short @Nullable [] shorts, Buffer buffer) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Whether elements have 16 bits. */
  static boolean isWide(ElementType type) {
    return type == ElementType.INT16 || type == ElementType.UINT16;
  }

  /** Whether an input or the output of a call has 16 bits; other calls have kernels over bytes. */
  static boolean areAny(KernelCall call) {
    for (int i = 0; i < call.call().inputCount(); i++) {
      if (isWide(call.element(i))) {
        return true;
      }
    }
    return isWide(call.outputType().elementType());
  }

  /** The elements of an input. */
  static WideElements read(Buffer buffer) {
    ElementType type = buffer.type().elementType();
    return new WideElements(type, isWide(type) ? shorts(buffer.toTensor()) : null, buffer);
  }

  /** The elements of a 16-bit tensor. */
  static short[] shorts(Tensor tensor) {
    return tensor.data().toArray(SHORT);
  }

  /** The elements of an output of so many elements, to be set and then stored. */
  static WideElements write(Buffer buffer, ElementType type, int count) {
    return new WideElements(type, isWide(type) ? new short[count] : null, buffer);
  }

  /** An integer. */
  int integer(int index) {
    if (shorts != null) {
      return type == ElementType.UINT16 ? shorts[index] & 0xffff : shorts[index];
    }
    byte stored = buffer.bytes()[buffer.offset() + index];
    return type == ElementType.UINT8 ? stored & 0xff : stored;
  }

  /** A float32 number. */
  float real(int index) {
    return buffer.floats()[buffer.offset() + index];
  }

  /** Sets an integer that fits the type. */
  void set(int index, long value) {
    if (shorts != null) {
      shorts[index] = (short) value;
    } else {
      buffer.bytes()[buffer.offset() + index] = (byte) value;
    }
  }

  /** Sets a float32 number. */
  void set(int index, float value) {
    buffer.floats()[buffer.offset() + index] = value;
  }

  /** Puts the elements where the plan looks for them, once all are set. */
  void store(TensorType whole) {
    if (shorts != null) {
      buffer.set(Tensor.of(whole, MemorySegment.ofArray(shorts)));
    }
  }
}
