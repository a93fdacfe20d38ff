package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.LiteralKind;
import dev.fixpoint.grammar.LiteralList;
import dev.fixpoint.grammar.OnnxTextParser;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors in ONNX text: lists of literals, straight into the bytes of a tensor, or the names of
 * files that hold them.
 */
final class TextTensors {
  private final ExternalData external;

  TextTensors(ExternalData external) {
    this.external = external;
  }

  /**
   * The tensor of a type and its values.
   *
   * @throws SyntaxException if type and values contradict each other
   */
  Tensor tensor(
      OnnxTextParser.TensorTypeContext writtenType,
      OnnxTextParser.ConstantDataContext data,
      String place) {
    TensorType type = TextTypes.tensorType(writtenType);
    if (!type.shape().isStatic()) {
      throw new SyntaxException(
          SourceRange.of(writtenType),
          "found values of type " + type + ", expected a number for each of their dimensions");
    }
    return data.internalData() != null
        ? elements(type, LiteralList.of(data.internalData()))
        : stored(type, data.externalData(), place);
  }

  private Tensor stored(TensorType type, OnnxTextParser.ExternalDataContext data, String place) {
    SourceRange range = SourceRange.of(data);
    if (type.elementType().bits() == 0) {
      throw new SyntaxException(range, "found a file for strings, expected a list of them");
    }
    List<StringStringEntryProto> entries = new ArrayList<>();
    for (var entry : data.strStrList().strStr()) {
      entries.add(
          StringStringEntryProto.newBuilder()
              .setKey(Spelling.nameOf(entry.quotedStr(0)))
              .setValue(Spelling.nameOf(entry.quotedStr(1)))
              .build());
    }
    long bytes = bytes(type, range);
    MemorySegment segment = external.map(entries, bytes, range + ": " + place);
    if (segment.byteSize() != bytes) {
      throw new SyntaxException(
          range, "found %d bytes, expected %d for %s".formatted(segment.byteSize(), bytes, type));
    }
    return Tensor.of(type, segment);
  }

  private static long bytes(TensorType type, SourceRange range) {
    try {
      return type.elementType().bytes(type.shape().elementCount());
    } catch (ArithmeticException e) {
      SyntaxException exception =
          new SyntaxException(range, type + " takes more than 2^63 bits; correct its dimensions");
      exception.initCause(e);
      throw exception;
    }
  }

  /** The tensor of a list of literals, whose number is compared before memory is taken. */
  static Tensor elements(TensorType type, LiteralList list) {
    if (list.size() != type.shape().elementCount()) {
      throw new SyntaxException(
          list.range(),
          "found %d values, expected %d for %s"
              .formatted(list.size(), type.shape().elementCount(), type));
    }
    ElementType elementType = type.elementType();
    if (elementType == ElementType.STRING) {
      return strings(type, list);
    }
    if (!elementType.isNumeric()) {
      throw new SyntaxException(
          list.range(),
          "values of type " + elementType.text() + " cannot be written in text; use a file");
    }
    long bytes = bytes(type, list.range());
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new SyntaxException(list.range(), type + " takes more than 2 GiB; use a file");
    }
    ByteBuffer data = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    fill(elementType, list, data);
    return Tensor.of(type, MemorySegment.ofBuffer(data));
  }

  private static Tensor strings(TensorType type, LiteralList list) {
    List<String> strings = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      strings.add(list.stringAt(i));
    }
    return Tensor.ofStrings(type.shape(), strings);
  }

  private static void fill(ElementType type, LiteralList list, ByteBuffer data) {
    int size = list.size();
    if (type == ElementType.FLOAT) {
      for (int i = 0; i < size; i++) {
        data.putInt(4 * i, Float.floatToRawIntBits(list.floatAt(i)));
      }
    } else if (type == ElementType.DOUBLE) {
      for (int i = 0; i < size; i++) {
        data.putLong(8 * i, Double.doubleToRawLongBits(list.doubleAt(i)));
      }
    } else if (type == ElementType.UINT64) {
      for (int i = 0; i < size; i++) {
        data.putLong(8 * i, list.unsignedLongAt(i));
      }
    } else if (type.isFloat() && list.kind() == LiteralKind.FLOAT) {
      for (int i = 0; i < size; i++) {
        put(type, data, i, TextSmallFloats.bitsAt(list, i, type));
      }
    } else {
      fillIntegers(type, list, data);
    }
  }

  /** Integers, truth values as 0 and 1, and small floats as their bits. */
  private static void fillIntegers(ElementType type, LiteralList list, ByteBuffer data) {
    long min = type.isInteger() ? type.minInteger() : 0;
    long max =
        type.isInteger()
            ? type.maxInteger()
            : type == ElementType.BOOL ? 1 : (1L << type.bits()) - 1;
    for (int i = 0; i < list.size(); i++) {
      long value = list.longAt(i);
      if (value < min || value > max) {
        throw new SyntaxException(
            list.rangeAt(i),
            "found %d, expected an integer from %d to %d for %s"
                .formatted(value, min, max, type.text()));
      }
      put(type, data, i, value);
    }
  }

  private static void put(ElementType type, ByteBuffer data, int index, long bits) {
    switch (type.bits()) {
      case 2, 4 -> {
        int perByte = 8 / type.bits();
        int shift = index % perByte * type.bits();
        long low = bits & ((1 << type.bits()) - 1);
        int at = index / perByte;
        data.put(at, (byte) (data.get(at) | low << shift));
      }
      case 8 -> data.put(index, (byte) bits);
      case 16 -> data.putShort(2 * index, (short) bits);
      case 32 -> data.putInt(4 * index, (int) bits);
      default -> data.putLong(8 * index, bits);
    }
  }
}
