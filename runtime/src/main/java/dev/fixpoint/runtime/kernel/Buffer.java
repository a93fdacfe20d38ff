package dev.fixpoint.runtime.kernel;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where an operand of a step lies: a window of a float or byte array for float32 and 8-bit tensors
 * of a known shape, a tensor held whole for all others.
 */
public final class Buffer {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final float[] NO_FLOATS = {};
  private static final byte[] NO_BYTES = {};

  private final TensorType type;
  private final Layout layout;
  private final float[] floats;
  private final byte[] bytes;
  private final int offset;
  private final boolean held;
  private @Nullable Tensor tensor;

  private Buffer(
      TensorType type, Layout layout, float[] floats, byte[] bytes, int offset, boolean held) {
    this.type = type;
    this.layout = layout;
    this.floats = floats;
    this.bytes = bytes;
    this.offset = offset;
    this.held = held;
  }

  /** A window of a float array for a float32 tensor. */
  public static Buffer ofFloats(TensorType type, Layout layout, float[] floats, int offset) {
    return new Buffer(type, layout, floats, NO_BYTES, offset, false);
  }

  /** A window of a byte array for a tensor of 8-bit elements. */
  public static Buffer ofBytes(TensorType type, Layout layout, byte[] bytes, int offset) {
    return new Buffer(type, layout, NO_FLOATS, bytes, offset, false);
  }

  /** A place for a tensor that is held whole. */
  public static Buffer ofTensor(TensorType type) {
    return new Buffer(type, Layout.ROW_MAJOR, NO_FLOATS, NO_BYTES, 0, true);
  }

  /** Whether tensors of this type lie in arrays: float32 or 8-bit, of static shape. */
  public static boolean isArrayType(TensorType type) {
    return (type.elementType() == ElementType.FLOAT || isByteType(type.elementType()))
        && type.shape().isStatic();
  }

  /** Whether elements of this type lie in byte arrays. */
  public static boolean isByteType(ElementType type) {
    return type == ElementType.INT8 || type == ElementType.UINT8 || type == ElementType.BOOL;
  }

  /** The type as the plan knows it. */
  public TensorType type() {
    return type;
  }

  /** The order of the elements. */
  public Layout layout() {
    return layout;
  }

  /** The array of a float32 tensor. */
  public float[] floats() {
    return floats;
  }

  /** The array of an 8-bit tensor. */
  public byte[] bytes() {
    return bytes;
  }

  /** Position of the first element in its array. */
  public int offset() {
    return offset;
  }

  /** Number of elements in the array. */
  public int count() {
    return Math.toIntExact(type.shape().elementCount());
  }

  /** Whether elements are bytes to be read as 0 to 255. */
  public boolean isUnsigned() {
    return type.elementType() != ElementType.INT8;
  }

  /** The operand as a tensor; a copy where it lies in an array. */
  public Tensor toTensor() {
    if (held) {
      if (tensor == null) {
        throw new IllegalStateException("nothing has been put into the buffer of " + type);
      }
      return tensor;
    }
    int count = count();
    if (type.elementType() == ElementType.FLOAT) {
      float[] copy = new float[count];
      LayoutChange.of(type.shape(), layout, Layout.ROW_MAJOR).move(floats, offset, copy, 0);
      return Tensor.of(type, MemorySegment.ofArray(copy));
    }
    byte[] copy = new byte[count];
    LayoutChange.of(type.shape(), layout, Layout.ROW_MAJOR).move(bytes, offset, copy, 0);
    return Tensor.of(type, MemorySegment.ofArray(copy));
  }

  /**
   * Puts a tensor into this buffer.
   *
   * @throws IllegalArgumentException if it is not of the buffer's type
   */
  public void set(Tensor value) {
    if (held) {
      tensor = value;
      return;
    }
    if (!value.type().equals(type)) {
      throw new IllegalArgumentException("expected a tensor of " + type + ", got " + value.type());
    }
    Shape shape = type.shape();
    boolean dense = layout == Layout.ROW_MAJOR || Layout.coincide(shape);
    LayoutChange change = LayoutChange.of(shape, Layout.ROW_MAJOR, layout);
    if (type.elementType() != ElementType.FLOAT) {
      if (dense) {
        MemorySegment.copy(value.data(), ValueLayout.JAVA_BYTE, 0, bytes, offset, count());
      } else {
        change.move(value.toBytes(), 0, bytes, offset);
      }
    } else if (dense) {
      MemorySegment.copy(value.data(), FLOAT, 0, floats, offset, count());
    } else {
      change.move(value.toFloats(), 0, floats, offset);
    }
  }

  /** Forgets a tensor that is held whole, so that it can be freed. */
  public void clear() {
    tensor = null;
  }
}
