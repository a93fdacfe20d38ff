package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/**
 * The elements of tensors as literals that read back to the same bits: floats of 16 bits and less
 * as the integers that their bits are, as ONNX has it.
 */
final class TextElements {
  private static final int PER_LINE = 16;

  private static final int NEGATIVE_FLOAT_NAN = 0xffc0_0000;
  private static final long NEGATIVE_DOUBLE_NAN = 0xfff8_0000_0000_0000L;

  private TextElements() {}

  /**
   * Appends the elements in braces; long lists run over lines.
   *
   * @param place what holds the tensor, for messages
   * @throws ModelException if the syntax cannot say them
   */
  static void append(Tensor tensor, Appendable out, String indent, String place)
      throws IOException {
    ElementType type = tensor.elementType();
    if (type == ElementType.STRING) {
      appendStrings(tensor.strings(), out);
      return;
    }
    if (!type.isNumeric()) {
      throw new ModelException(
          place + " has elements of type " + type.text() + ", which text cannot say");
    }
    long count = tensor.elementCount();
    out.append('{');
    for (long i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      if (count > PER_LINE && i % PER_LINE == 0) {
        out.append('\n').append(indent).append("  ");
      } else if (i > 0) {
        out.append(' ');
      }
      out.append(element(tensor, i, place));
    }
    out.append('}');
  }

  private static void appendStrings(List<String> strings, Appendable out) throws IOException {
    out.append('{');
    for (int i = 0; i < strings.size(); i++) {
      out.append(i == 0 ? "" : ", ").append(Spelling.quoted(strings.get(i)));
    }
    out.append('}');
  }

  private static String element(Tensor tensor, long index, String place) {
    long bits = tensor.bitsAt(index);
    return switch (tensor.elementType()) {
      case FLOAT -> {
        float value = Float.intBitsToFloat((int) bits);
        requirePlain(
            !Float.isNaN(value)
                || Float.floatToIntBits(value) == (int) bits
                || NEGATIVE_FLOAT_NAN == (int) bits,
            place,
            index);
        yield Float.isNaN(value) && (int) bits < 0 ? "-nan" : text(value);
      }
      case DOUBLE -> {
        double value = Double.longBitsToDouble(bits);
        requirePlain(
            !Double.isNaN(value)
                || Double.doubleToLongBits(value) == bits
                || bits == NEGATIVE_DOUBLE_NAN,
            place,
            index);
        yield Double.isNaN(value) && bits < 0 ? "-nan" : text(value);
      }
      case UINT64 -> Long.toUnsignedString(bits);
      default ->
          tensor.elementType().isFloat()
              ? Long.toString(bits)
              : Long.toString(tensor.longAt(index));
    };
  }

  private static void requirePlain(boolean plain, String place, long index) {
    if (!plain) {
      throw new ModelException(
          place
              + " has a NaN with a payload at element "
              + index
              + ", which text cannot say; replace it by a plain one");
    }
  }

  /** A float32 that reads back to the same bits, except that every NaN is {@code nan}. */
  static String text(float value) {
    if (Float.isNaN(value)) {
      return "nan";
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return Float.toString(value);
  }

  private static String text(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return Double.toString(value);
  }
}
