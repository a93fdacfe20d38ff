package dev.fixpoint.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes single elements in ONNX's {@code raw_data} layout: little-endian, elements of
 * less than a byte packed from the lowest bits up.
 */
final class ElementCodec {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int E8M0_BIAS = 127;
  private static final int E8M0_NAN = 255;

  private ElementCodec() {}

  static double readDouble(ElementType type, MemorySegment data, long index) {
    return switch (type) {
      case FLOAT -> data.get(FLOAT, 4 * index);
      case DOUBLE -> data.get(DOUBLE, 8 * index);
      case FLOAT16,
          BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT4E2M1 ->
          format(type).decode((int) readBits(type, data, index));
      case FLOAT8E8M0 -> decodeE8M0((int) readBits(type, data, index));
      case UINT64 -> unsignedToDouble(data.get(LONG, 8 * index));
      case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT4, INT4, UINT2, INT2 ->
          readLong(type, data, index);
      case UNDEFINED, STRING, COMPLEX64, COMPLEX128 -> throw notNumeric(type);
    };
  }

  static long readLong(ElementType type, MemorySegment data, long index) {
    long bits = readBits(type, data, index);
    if (!type.isSigned() || type.bits() == 64) {
      return bits;
    }
    int unused = 64 - type.bits();
    return bits << unused >> unused;
  }

  /** Rounds once to the element type: half to even for floats, saturating as given. */
  static void writeDouble(
      ElementType type, MemorySegment data, long index, double value, boolean saturate) {
    switch (type) {
      case FLOAT -> data.set(FLOAT, 4 * index, (float) value);
      case DOUBLE -> data.set(DOUBLE, 8 * index, value);
      case FLOAT16,
          BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT4E2M1 ->
          writeBits(type, data, index, format(type).encode(value, saturate));
      case FLOAT8E8M0 -> writeBits(type, data, index, encodeE8M0(value));
      case UINT8,
          INT8,
          UINT16,
          INT16,
          INT32,
          INT64,
          BOOL,
          UINT32,
          UINT64,
          UINT4,
          INT4,
          UINT2,
          INT2 ->
          throw new IllegalArgumentException(
              "a number with a fraction cannot be stored as " + type.text() + "; round it first");
      case UNDEFINED, STRING, COMPLEX64, COMPLEX128 -> throw notNumeric(type);
    }
  }

  static void writeBits(ElementType type, MemorySegment data, long index, long bits) {
    switch (type.bits()) {
      case 2, 4 -> {
        int perByte = 8 / type.bits();
        int shift = (int) (index % perByte) * type.bits();
        int mask = ((1 << type.bits()) - 1) << shift;
        int old = data.get(ValueLayout.JAVA_BYTE, index / perByte);
        int merged = (old & ~mask) | (((int) bits << shift) & mask);
        data.set(ValueLayout.JAVA_BYTE, index / perByte, (byte) merged);
      }
      case 8 -> data.set(ValueLayout.JAVA_BYTE, index, (byte) bits);
      case 16 -> data.set(SHORT, 2 * index, (short) bits);
      case 32 -> data.set(INT, 4 * index, (int) bits);
      default -> data.set(LONG, 8 * index, bits);
    }
  }

  /** The bits of an element, zero-extended. */
  static long readBits(ElementType type, MemorySegment data, long index) {
    return switch (type.bits()) {
      case 2, 4 -> {
        int perByte = 8 / type.bits();
        int shift = (int) (index % perByte) * type.bits();
        int packed = data.get(ValueLayout.JAVA_BYTE, index / perByte);
        yield (packed >> shift) & ((1 << type.bits()) - 1);
      }
      case 8 -> data.get(ValueLayout.JAVA_BYTE, index) & 0xffL;
      case 16 -> data.get(SHORT, 2 * index) & 0xffffL;
      case 32 -> data.get(INT, 4 * index) & 0xffffffffL;
      case 64 -> data.get(LONG, 8 * index);
      default -> throw notNumeric(type);
    };
  }

  static FloatFormat format(ElementType type) {
    return switch (type) {
      case FLOAT16 -> FloatFormat.FLOAT16;
      case BFLOAT16 -> FloatFormat.BFLOAT16;
      case FLOAT8E4M3FN -> FloatFormat.E4M3FN;
      case FLOAT8E4M3FNUZ -> FloatFormat.E4M3FNUZ;
      case FLOAT8E5M2 -> FloatFormat.E5M2;
      case FLOAT8E5M2FNUZ -> FloatFormat.E5M2FNUZ;
      case FLOAT4E2M1 -> FloatFormat.E2M1;
      default -> throw new IllegalArgumentException(type.text() + " is not a small float format");
    };
  }

  static double unsignedToDouble(long bits) {
    if (bits >= 0) {
      return bits;
    }
    // Keep the lowest bit sticky so that the conversion rounds once.
    return (double) ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  private static double decodeE8M0(int code) {
    return code == E8M0_NAN ? Double.NaN : Math.scalb(1.0, code - E8M0_BIAS);
  }

  private static int encodeE8M0(double value) {
    if (Double.isNaN(value) || value < 0) {
      return E8M0_NAN;
    }
    double clamped =
        Math.clamp(value, Math.scalb(1.0, -E8M0_BIAS), Math.scalb(1.0, E8M0_NAN - 1 - E8M0_BIAS));
    int exponent = Math.getExponent(clamped);
    boolean roundsUp = clamped >= Math.scalb(1.5, exponent);
    return Math.min(exponent + E8M0_BIAS + (roundsUp ? 1 : 0), E8M0_NAN - 1);
  }

  private static IllegalArgumentException notNumeric(ElementType type) {
    return new IllegalArgumentException("elements of type " + type.text() + " are not numbers");
  }
}
