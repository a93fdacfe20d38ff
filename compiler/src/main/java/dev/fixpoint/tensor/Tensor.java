package dev.fixpoint.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable tensor: a static {@link TensorType} and its elements in row-major order.
 *
 * <p>The elements lie in a memory segment in ONNX's {@code raw_data} layout (little-endian,
 * elements of less than a byte packed from the lowest bits up), so that a mapped file is a tensor
 * without a copy; strings are held as strings. Bulk readers such as {@link #toDoubles()} return
 * fresh arrays. Two tensors are equal if type and bits are.
 */
public final class Tensor {
  private final TensorType type;
  private final MemorySegment data;
  private final @Nullable List<String> strings;

  private Tensor(TensorType type, MemorySegment data, @Nullable List<String> strings) {
    this.type = type;
    this.data = data;
    this.strings = strings;
  }

  /**
   * A tensor over existing bytes, which must not change afterwards.
   *
   * @throws IllegalArgumentException if the shape is not static or the byte count is not what type
   *     and shape ask for
   */
  public static Tensor of(TensorType type, MemorySegment data) {
    long expected = type.elementType().bytes(type.shape().elementCount());
    if (type.elementType().bits() == 0) {
      throw new IllegalArgumentException(type + " has no byte representation");
    }
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "a tensor of type "
              + type
              + " takes "
              + expected
              + " bytes, but there are "
              + data.byteSize());
    }
    return new Tensor(type, data.asReadOnly(), null);
  }

  /** A float32 tensor; the array is copied. */
  public static Tensor ofFloats(Shape shape, float... values) {
    TensorType type = new TensorType(ElementType.FLOAT, shape);
    requireCount(type, values.length);
    MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
    MemorySegment.copy(values, 0, data, ElementCodec.FLOAT, 0, values.length);
    return new Tensor(type, data.asReadOnly(), null);
  }

  /**
   * A floating-point tensor of the given element type; each value is rounded once, half to even. A
   * value beyond the largest number becomes infinity, or NaN in formats without infinity.
   */
  public static Tensor ofDoubles(ElementType elementType, Shape shape, double... values) {
    return ofDoubles(elementType, shape, values, false);
  }

  /** As {@link #ofDoubles(ElementType, Shape, double...)}, but out-of-range values saturate. */
  public static Tensor ofDoublesSaturating(ElementType elementType, Shape shape, double... values) {
    return ofDoubles(elementType, shape, values, true);
  }

  private static Tensor ofDoubles(
      ElementType elementType, Shape shape, double[] values, boolean saturate) {
    TensorType type = new TensorType(elementType, shape);
    requireCount(type, values.length);
    MemorySegment data = allocate(type);
    for (int i = 0; i < values.length; i++) {
      ElementCodec.writeDouble(elementType, data, i, values[i], saturate);
    }
    return new Tensor(type, data.asReadOnly(), null);
  }

  /**
   * A tensor of an integer type or of truth values (0 and 1).
   *
   * @throws ArithmeticException if a value does not fit the element type
   */
  public static Tensor ofLongs(ElementType elementType, Shape shape, long... values) {
    TensorType type = new TensorType(elementType, shape);
    requireCount(type, values.length);
    long min = elementType == ElementType.BOOL ? 0 : elementType.minInteger();
    long max = elementType == ElementType.BOOL ? 1 : elementType.maxInteger();
    boolean any = elementType == ElementType.UINT64;
    MemorySegment data = allocate(type);
    for (int i = 0; i < values.length; i++) {
      if (!any && (values[i] < min || values[i] > max)) {
        throw new ArithmeticException(values[i] + " does not fit " + elementType.text());
      }
      ElementCodec.writeBits(elementType, data, i, values[i]);
    }
    return new Tensor(type, data.asReadOnly(), null);
  }

  /**
   * A tensor whose elements are given as their bits, of which the lowest {@link ElementType#bits}
   * count.
   */
  public static Tensor ofBits(ElementType elementType, Shape shape, long... bits) {
    TensorType type = new TensorType(elementType, shape);
    requireCount(type, bits.length);
    MemorySegment data = allocate(type);
    for (int i = 0; i < bits.length; i++) {
      ElementCodec.writeBits(elementType, data, i, bits[i]);
    }
    return new Tensor(type, data.asReadOnly(), null);
  }

  /** An 8-bit tensor (int8, uint8, bool or a float8); the array is copied. */
  public static Tensor ofBytes(ElementType elementType, Shape shape, byte... values) {
    return of(new TensorType(elementType, shape), MemorySegment.ofArray(values.clone()));
  }

  /** A one-dimensional int64 tensor, the form in which ONNX passes shapes and axes. */
  public static Tensor vector(long... values) {
    return ofLongs(ElementType.INT64, Shape.of(values.length), values);
  }

  /** A scalar of any numeric type; integer types need an integer value that fits. */
  public static Tensor scalar(ElementType elementType, double value) {
    return filled(elementType, Shape.SCALAR, value);
  }

  /** A tensor with the same value everywhere; integer types need an integer value that fits. */
  public static Tensor filled(ElementType elementType, Shape shape, double value) {
    int count = Math.toIntExact(shape.elementCount());
    if (elementType.isFloat()) {
      double[] values = new double[count];
      Arrays.fill(values, value);
      return ofDoubles(elementType, shape, values);
    }
    if (value != Math.rint(value)) {
      throw new ArithmeticException(value + " is not an integer");
    }
    long[] values = new long[count];
    Arrays.fill(values, (long) value);
    return ofLongs(elementType, shape, values);
  }

  /** A tensor of strings. */
  public static Tensor ofStrings(Shape shape, List<String> values) {
    TensorType type = new TensorType(ElementType.STRING, shape);
    requireCount(type, values.size());
    return new Tensor(type, MemorySegment.NULL, List.copyOf(values));
  }

  /** Element type and shape; the shape is static. */
  public TensorType type() {
    return type;
  }

  /** The element type. */
  public ElementType elementType() {
    return type.elementType();
  }

  /** The shape, which is static. */
  public Shape shape() {
    return type.shape();
  }

  /** Number of elements. */
  public long elementCount() {
    return type.shape().elementCount();
  }

  /** The bytes of the elements, read-only; throws for strings. */
  public MemorySegment data() {
    if (strings != null) {
      throw new IllegalStateException("a tensor of strings has no bytes");
    }
    return data;
  }

  /** The strings of a tensor of strings; throws for others. */
  public List<String> strings() {
    if (strings == null) {
      throw new IllegalStateException("not a tensor of strings but " + type);
    }
    return strings;
  }

  /** The element at the given position of each dimension, as a double. */
  public double get(int... index) {
    Shape shape = type.shape();
    if (index.length != shape.rank()) {
      throw new IllegalArgumentException(
          "got " + index.length + " indices for a tensor of rank " + shape.rank());
    }
    long flat = 0;
    for (int i = 0; i < index.length; i++) {
      flat = flat * shape.size(i) + Math.toIntExact(Objects.checkIndex(index[i], shape.size(i)));
    }
    return doubleAt(flat);
  }

  /** The element at a position in row-major order, as a double; int64 beyond 2^53 is rounded. */
  public double doubleAt(long index) {
    return ElementCodec.readDouble(type.elementType(), data, index);
  }

  /** The element at a position in row-major order of an integer or bool tensor. */
  public long longAt(long index) {
    requireIntegers();
    return ElementCodec.readLong(type.elementType(), data, index);
  }

  /** The bits of the element at a position in row-major order, zero-extended. */
  public long bitsAt(long index) {
    return ElementCodec.readBits(type.elementType(), data, index);
  }

  /** All elements as doubles, in row-major order; exact but for 64-bit integers beyond 2^53. */
  public double[] toDoubles() {
    int count = Math.toIntExact(elementCount());
    double[] values = new double[count];
    if (type.elementType() == ElementType.FLOAT) {
      float[] floats = data.toArray(ElementCodec.FLOAT);
      for (int i = 0; i < count; i++) {
        values[i] = floats[i];
      }
      return values;
    }
    for (int i = 0; i < count; i++) {
      values[i] = doubleAt(i);
    }
    return values;
  }

  /** All elements of a float32 tensor; throws for other types. */
  public float[] toFloats() {
    if (type.elementType() != ElementType.FLOAT) {
      throw new IllegalStateException("not a float32 tensor but " + type);
    }
    return data.toArray(ElementCodec.FLOAT);
  }

  /** All elements of an integer or bool tensor; uint64 as the longs with the same bits. */
  public long[] toLongs() {
    requireIntegers();
    long[] values = new long[Math.toIntExact(elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = ElementCodec.readLong(type.elementType(), data, i);
    }
    return values;
  }

  /** All elements of a tensor with 8-bit elements, as stored. */
  public byte[] toBytes() {
    if (type.elementType().bits() != 8) {
      throw new IllegalStateException("not a tensor of 8-bit elements but " + type);
    }
    return data.toArray(ValueLayout.JAVA_BYTE);
  }

  /** The same elements in another static shape with as many of them. */
  public Tensor reshaped(Shape shape) {
    if (shape.elementCount() != elementCount()) {
      throw new IllegalArgumentException("cannot view " + type.shape() + " as " + shape);
    }
    return new Tensor(type.withShape(shape), data, strings);
  }

  /** The same bits read as another element type of the same width. */
  public Tensor reinterpreted(ElementType elementType) {
    if (elementType.bits() != type.elementType().bits() || strings != null) {
      throw new IllegalArgumentException(
          "cannot read " + type.elementType().text() + " as " + elementType.text());
    }
    return new Tensor(type.withElementType(elementType), data, null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor tensor
        && type.equals(tensor.type)
        && Objects.equals(strings, tensor.strings)
        && data.mismatch(tensor.data) < 0;
  }

  @Override
  public int hashCode() {
    int hash = 31 * type.hashCode() + Objects.hashCode(strings);
    long sampled = Math.min(data.byteSize(), 64);
    for (long i = 0; i < sampled; i++) {
      hash = 31 * hash + data.get(ValueLayout.JAVA_BYTE, i);
    }
    return hash;
  }

  /** Type and the first elements, for messages. */
  @Override
  public String toString() {
    long shown = Math.min(elementCount(), 8);
    StringBuilder text = new StringBuilder(type.toString()).append(" {");
    for (int i = 0; i < shown; i++) {
      text.append(i == 0 ? "" : ", ").append(elementText(i));
    }
    return text.append(shown < elementCount() ? ", …}" : "}").toString();
  }

  private String elementText(int index) {
    if (strings != null) {
      return strings.get(index);
    }
    if (!type.elementType().isNumeric()) {
      return "?";
    }
    return type.elementType().isFloat()
        ? Double.toString(doubleAt(index))
        : Long.toString(longAt(index));
  }

  private void requireIntegers() {
    if (!type.elementType().isInteger() && type.elementType() != ElementType.BOOL) {
      throw new IllegalStateException("not a tensor of integers but " + type);
    }
  }

  private static MemorySegment allocate(TensorType type) {
    long bytes = type.elementType().bytes(type.shape().elementCount());
    return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
  }

  private static void requireCount(TensorType type, int count) {
    if (type.shape().elementCount() != count) {
      throw new IllegalArgumentException(
          "a tensor of type "
              + type
              + " has "
              + type.shape().elementCount()
              + " elements, but there are "
              + count);
    }
  }
}
