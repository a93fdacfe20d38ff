package dev.fixpoint.tensor;

import java.util.Locale;
import java.util.Optional;

/**
 * The element type of a tensor: the {@code TensorProto.DataType} values of ONNX, with their width
 * and how their bits are read.
 */
public enum ElementType {
  /** A type that is not known, as on the outputs of an operator without a definition. */
  UNDEFINED(0, 0, Kind.OPAQUE),
  /** IEEE 754 binary32. */
  FLOAT(1, 32, Kind.FLOAT),
  /** Unsigned 8-bit integer. */
  UINT8(2, 8, Kind.UNSIGNED),
  /** Signed 8-bit integer. */
  INT8(3, 8, Kind.SIGNED),
  /** Unsigned 16-bit integer. */
  UINT16(4, 16, Kind.UNSIGNED),
  /** Signed 16-bit integer. */
  INT16(5, 16, Kind.SIGNED),
  /** Signed 32-bit integer. */
  INT32(6, 32, Kind.SIGNED),
  /** Signed 64-bit integer. */
  INT64(7, 64, Kind.SIGNED),
  /** Text; stored as strings, never as bytes. */
  STRING(8, 0, Kind.OPAQUE),
  /** Truth value, one byte an element. */
  BOOL(9, 8, Kind.BOOL),
  /** IEEE 754 binary16. */
  FLOAT16(10, 16, Kind.FLOAT),
  /** IEEE 754 binary64. */
  DOUBLE(11, 64, Kind.FLOAT),
  /** Unsigned 32-bit integer. */
  UINT32(12, 32, Kind.UNSIGNED),
  /** Unsigned 64-bit integer; read as the long with the same bits. */
  UINT64(13, 64, Kind.UNSIGNED),
  /** A pair of binary32. */
  COMPLEX64(14, 64, Kind.OPAQUE),
  /** A pair of binary64. */
  COMPLEX128(15, 128, Kind.OPAQUE),
  /** The upper half of a binary32. */
  BFLOAT16(16, 16, Kind.FLOAT),
  /** 8-bit float, 4 exponent bits, no infinities. */
  FLOAT8E4M3FN(17, 8, Kind.FLOAT),
  /** 8-bit float, 4 exponent bits, no infinities, no negative zero. */
  FLOAT8E4M3FNUZ(18, 8, Kind.FLOAT),
  /** 8-bit float, 5 exponent bits, with infinities. */
  FLOAT8E5M2(19, 8, Kind.FLOAT),
  /** 8-bit float, 5 exponent bits, no infinities, no negative zero. */
  FLOAT8E5M2FNUZ(20, 8, Kind.FLOAT),
  /** Unsigned 4-bit integer, two a byte, low half first. */
  UINT4(21, 4, Kind.UNSIGNED),
  /** Signed 4-bit integer, two a byte, low half first. */
  INT4(22, 4, Kind.SIGNED),
  /** 4-bit float, 2 exponent bits, two a byte, low half first. */
  FLOAT4E2M1(23, 4, Kind.FLOAT),
  /** 8-bit power of two, the scale type of microscaling formats. */
  FLOAT8E8M0(24, 8, Kind.FLOAT),
  /** Unsigned 2-bit integer, four a byte, lowest bits first. */
  UINT2(25, 2, Kind.UNSIGNED),
  /** Signed 2-bit integer, four a byte, lowest bits first. */
  INT2(26, 2, Kind.SIGNED);

  private enum Kind {
    FLOAT,
    SIGNED,
    UNSIGNED,
    BOOL,
    OPAQUE
  }

  private static final ElementType[] BY_CODE = values();

  private final int code;
  private final int bits;
  private final Kind kind;

  ElementType(int code, int bits, Kind kind) {
    this.code = code;
    this.bits = bits;
    this.kind = kind;
  }

  /** The number of this type in {@code TensorProto.DataType}. */
  public int code() {
    return code;
  }

  /** Width of an element in bits; 0 for types without a fixed width. */
  public int bits() {
    return bits;
  }

  /** Whether elements are floating-point numbers of any width. */
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /** Whether elements are integers of any width; truth values are not. */
  public boolean isInteger() {
    return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
  }

  /** Whether elements are signed integers. */
  public boolean isSigned() {
    return kind == Kind.SIGNED;
  }

  /** Whether elements are numbers or truth values that this library can compute with. */
  public boolean isNumeric() {
    return kind != Kind.OPAQUE;
  }

  /** Smallest integer of an integer type; throws for other types. */
  public long minInteger() {
    requireInteger();
    return kind == Kind.UNSIGNED ? 0 : -1L << (bits - 1);
  }

  /**
   * Largest integer of an integer type; for {@link #UINT64} the largest long. Throws for other
   * types.
   */
  public long maxInteger() {
    requireInteger();
    if (bits == 64) {
      return Long.MAX_VALUE;
    }
    return kind == Kind.UNSIGNED ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
  }

  /** Bytes that {@code count} elements of this type take when stored densely. */
  public long bytes(long count) {
    return Math.ceilDiv(Math.multiplyExact(count, (long) bits), 8L);
  }

  /** The type's name in ONNX's textual syntax, such as {@code float8e4m3fn}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type with this number in {@code TensorProto.DataType}, if there is one. */
  public static Optional<ElementType> ofCode(int code) {
    return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }

  /** The type with this name in ONNX's textual syntax, if there is one. */
  public static Optional<ElementType> ofText(String text) {
    for (ElementType type : BY_CODE) {
      if (type != UNDEFINED && type.text().equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private void requireInteger() {
    if (!isInteger()) {
      throw new IllegalStateException(text() + " is not an integer type");
    }
  }
}
