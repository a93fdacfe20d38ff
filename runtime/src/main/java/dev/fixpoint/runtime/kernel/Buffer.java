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
  private static final LayoutChange NO_CHANGE = new LayoutChange(1, 1, 0);

  private final TensorType type;
  private final Layout layout;
  private final float[] floats;
  private final byte[] bytes;
  private final int offset;
  private final boolean held;
  private final int count;
  private final LayoutChange fromModel;
  private final LayoutChange toModel;
  private @Nullable Tensor tensor;

  private Buffer(
      TensorType type, Layout layout, float[] floats, byte[] bytes, int offset, boolean held) {
    this.type = type;
    this.layout = layout;
    this.floats = floats;
    this.bytes = bytes;
    this.offset = offset;
    this.held = held;
    boolean array = !held && type.shape().isStatic();
    this.count = array ? Math.toIntExact(type.shape().elementCount()) : 0;
    this.fromModel = array ? LayoutChange.of(type.shape(), Layout.ROW_MAJOR, layout) : NO_CHANGE;
    this.toModel = array ? LayoutChange.of(type.shape(), layout, Layout.ROW_MAJOR) : NO_CHANGE;
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
    return count;
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
    if (type.elementType() == ElementType.FLOAT) {
      float[] copy = new float[count];
      toModel.move(floats, offset, copy, 0);
      return Tensor.of(type, MemorySegment.ofArray(copy));
    }
    byte[] copy = new byte[count];
    toModel.move(bytes, offset, copy, 0);
    return Tensor.of(type, MemorySegment.ofArray(copy));
  }

  /** Copies the operand into memory that has as many bytes as its tensor, in row-major order. */
  public void copyTo(MemorySegment memory) {
    if (held || !toModel.isPlainCopy()) {
      memory.copyFrom(toTensor().data());
    } else if (type.elementType() == ElementType.FLOAT) {
      MemorySegment.copy(floats, offset, memory, FLOAT, 0, count);
    } else {
      MemorySegment.copy(bytes, offset, memory, ValueLayout.JAVA_BYTE, 0, count);
    }
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
    if (!isOfType(value)) {
      throw new IllegalArgumentException("expected a tensor of " + type + ", got " + value.type());
    }
    boolean dense = fromModel.isPlainCopy();
    if (type.elementType() != ElementType.FLOAT) {
      if (dense) {
        MemorySegment.copy(value.data(), ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
      } else {
        fromModel.move(value.toBytes(), 0, bytes, offset);
      }
    } else if (dense) {
      MemorySegment.copy(value.data(), FLOAT, 0, floats, offset, count);
    } else {
      fromModel.move(value.toFloats(), 0, floats, offset);
    }
  }

  private boolean isOfType(Tensor value) {
    return value.elementType() == type.elementType() && hasShape(value.shape(), type.shape());
  }

  /** Whether two static shapes are equal; unlike {@code equals}, allocates no iterator. */
  public static boolean hasShape(Shape shape, Shape wanted) {
    if (shape.rank() != wanted.rank()) {
      return false;
    }
    for (int axis = 0; axis < wanted.rank(); axis++) {
      if (shape.size(axis) != wanted.size(axis)) {
        return false;
      }
    }
    return true;
  }

  /** Forgets a tensor that is held whole, so that it can be freed. */
  public void clear() {
    tensor = null;
  }
}
