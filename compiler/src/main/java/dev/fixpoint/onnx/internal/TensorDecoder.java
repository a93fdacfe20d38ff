package dev.fixpoint.onnx.internal;

import com.google.protobuf.ByteString;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes tensors of {@code TensorProto}s, whichever field holds the elements. Raw bytes are not
 * copied.
 */
final class TensorDecoder {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ExternalData external;

  TensorDecoder(ExternalData external) {
    this.external = external;
  }

  /**
   * The tensor.
   *
   * @param place what holds it, for messages: {@code initializer 'w'}
   * @throws ModelException if type, dimensions and data contradict each other
   */
  Tensor decode(TensorProto proto, String place) {
    TensorType type = new TensorType(elementType(proto, place), shape(proto, place));
    if (proto.hasSegment()) {
      throw new ModelException(place + " is cut into segments; write it in one piece");
    }
    if (type.elementType() == ElementType.STRING) {
      return strings(proto, type, place);
    }
    MemorySegment data = data(proto, type, place);
    long expected = byteCount(type, place);
    if (data.byteSize() != expected) {
      throw new ModelException(
          place
              + " of type "
              + type
              + " takes "
              + expected
              + " bytes, but "
              + data.byteSize()
              + " are there; correct its dimensions or its data");
    }
    return Tensor.of(type, data);
  }

  private static ElementType elementType(TensorProto proto, String place) {
    return ElementType.ofCode(proto.getDataType())
        .filter(type -> type != ElementType.UNDEFINED)
        .orElseThrow(
            () ->
                new ModelException(
                    place
                        + " has element type number "
                        + proto.getDataType()
                        + ", which is none that is known here; convert it to a known one"));
  }

  private static Shape shape(TensorProto proto, String place) {
    try {
      return Shape.of(proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          place + ": " + e.getMessage() + "; correct the dimensions or export the model again", e);
    }
  }

  private static long byteCount(TensorType type, String place) {
    try {
      return type.elementType().bytes(type.shape().elementCount());
    } catch (ArithmeticException e) {
      throw new ModelException(
          place + " of type " + type + " takes more than 2^63 bits; correct its dimensions", e);
    }
  }

  private MemorySegment data(TensorProto proto, TensorType type, String place) {
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return external.map(proto.getExternalDataList(), byteCount(type, place), place);
    }
    if (!proto.getRawData().isEmpty()) {
      return MemorySegment.ofBuffer(proto.getRawData().asReadOnlyByteBuffer());
    }
    return switch (type.elementType()) {
      case FLOAT, COMPLEX64 -> floats(proto.getFloatDataList());
      case DOUBLE, COMPLEX128 -> doubles(proto.getDoubleDataList());
      case INT64 -> longs(proto.getInt64DataList());
      case UINT64 -> longs(proto.getUint64DataList());
      case UINT32 -> unsignedInts(proto.getUint64DataList(), place);
      case INT32 -> ints(proto.getInt32DataList());
      case INT16 -> shorts(proto.getInt32DataList(), Short.MIN_VALUE, Short.MAX_VALUE, place);
      case UINT16, FLOAT16, BFLOAT16 -> shorts(proto.getInt32DataList(), 0, 0xffff, place);
      case INT8 -> bytes(proto.getInt32DataList(), Byte.MIN_VALUE, Byte.MAX_VALUE, place);
      case BOOL -> bytes(proto.getInt32DataList(), 0, 1, place);
      case UINT8, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0 ->
          bytes(proto.getInt32DataList(), 0, 0xff, place);
      // Several elements an entry; some writers sign-extend the byte that they make up.
      case UINT4, INT4, FLOAT4E2M1, UINT2, INT2 ->
          bytes(proto.getInt32DataList(), Byte.MIN_VALUE, 0xff, place);
      case UNDEFINED, STRING -> throw new IllegalStateException(type + " has no bytes");
    };
  }

  private static MemorySegment floats(List<Float> values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(4, values.size())]);
    for (int i = 0; i < values.size(); i++) {
      data.set(INT, 4L * i, Float.floatToRawIntBits(values.get(i)));
    }
    return data;
  }

  private static MemorySegment doubles(List<Double> values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(8, values.size())]);
    for (int i = 0; i < values.size(); i++) {
      data.set(LONG, 8L * i, Double.doubleToRawLongBits(values.get(i)));
    }
    return data;
  }

  private static MemorySegment longs(List<Long> values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(8, values.size())]);
    for (int i = 0; i < values.size(); i++) {
      data.set(LONG, 8L * i, values.get(i));
    }
    return data;
  }

  private static MemorySegment unsignedInts(List<Long> values, String place) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(4, values.size())]);
    for (int i = 0; i < values.size(); i++) {
      requireFit(values.get(i), 0, 0xffffffffL, i, place);
      data.set(INT, 4L * i, (int) (long) values.get(i));
    }
    return data;
  }

  private static MemorySegment ints(List<Integer> values) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(4, values.size())]);
    for (int i = 0; i < values.size(); i++) {
      data.set(INT, 4L * i, values.get(i));
    }
    return data;
  }

  private static MemorySegment shorts(List<Integer> values, int min, int max, String place) {
    MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(2, values.size())]);
    for (int i = 0; i < values.size(); i++) {
      requireFit(values.get(i), min, max, i, place);
      data.set(SHORT, 2L * i, (short) (int) values.get(i));
    }
    return data;
  }

  private static MemorySegment bytes(List<Integer> values, int min, int max, String place) {
    byte[] data = new byte[values.size()];
    for (int i = 0; i < data.length; i++) {
      requireFit(values.get(i), min, max, i, place);
      data[i] = (byte) (int) values.get(i);
    }
    return MemorySegment.ofArray(data);
  }

  private static void requireFit(long value, long min, long max, int index, String place) {
    if (value < min || value > max) {
      throw new ModelException(
          place
              + " has "
              + value
              + " at entry "
              + index
              + ", but its type goes from "
              + min
              + " to "
              + max
              + "; correct its type or its data");
    }
  }

  private static Tensor strings(TensorProto proto, TensorType type, String place) {
    if (proto.getStringDataCount() != type.shape().elementCount()) {
      throw new ModelException(
          place
              + " of type "
              + type
              + " has "
              + proto.getStringDataCount()
              + " strings; correct its dimensions or its data");
    }
    List<String> strings = new ArrayList<>(proto.getStringDataCount());
    for (ByteString bytes : proto.getStringDataList()) {
      strings.add(text(bytes, place));
    }
    return Tensor.ofStrings(type.shape(), strings);
  }

  /** The text that bytes hold; refuses what is not UTF-8, because it could not be written back. */
  static String text(ByteString bytes, String place) {
    if (!bytes.isValidUtf8()) {
      throw new ModelException(
          place + " holds bytes that are not UTF-8 text; store them as a uint8 tensor");
    }
    return bytes.toStringUtf8();
  }
}
