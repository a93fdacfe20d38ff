package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.LiteralKind;
import dev.fixpoint.grammar.LiteralList;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.math.BigDecimal;

/**
 * Decimal numbers as floats of 16 bits and less, rounded once: by way of a double that is rounded
 * to odd, from which any format of at most 51 bits is rounded correctly (Boldo and Melquiond, "When
 * double rounding is odd", 2005).
 */
final class TextSmallFloats {
  // Far below what rounds to anything but zero in any of the formats.
  private static final double TINY = 0x1p-300;

  private TextSmallFloats() {}

  /**
   * The bits of the number of a format that is nearest to an element, ties to even.
   *
   * @throws SyntaxException if the element is an integer, which would mean the bits themselves, or
   *     is beyond the format
   */
  static long bitsAt(LiteralList list, int index, ElementType type) {
    if (list.kindAt(index) != LiteralKind.FLOAT) {
      throw new SyntaxException(
          list.rangeAt(index),
          "found the integer %s between numbers with a point or an exponent; in %s integers stand"
                  .formatted(list.writtenAt(index), type.text())
              + " for bits: write all elements one way");
    }
    double value = roundedToOdd(list.doubleAt(index), list.writtenAt(index));
    Tensor rounded = Tensor.ofDoubles(type, Shape.SCALAR, value);
    double back = rounded.doubleAt(0);
    if (Double.isNaN(back) != Double.isNaN(value)
        || Double.isInfinite(back) != Double.isInfinite(value)) {
      throw new SyntaxException(
          list.rangeAt(index),
          "found %s, expected a number within %s".formatted(list.writtenAt(index), type.text()));
    }
    return rounded.bitsAt(0);
  }

  /** The nearer to zero of the doubles around a number that is none, its last bit set. */
  private static double roundedToOdd(double nearest, String written) {
    if (!Double.isFinite(nearest) || Math.abs(nearest) < TINY) {
      return nearest;
    }
    int order = new BigDecimal(written).abs().compareTo(new BigDecimal(Math.abs(nearest)));
    if (order == 0) {
      return nearest;
    }
    double below = order > 0 ? Math.abs(nearest) : Math.nextDown(Math.abs(nearest));
    double odd = Double.longBitsToDouble(Double.doubleToLongBits(below) | 1);
    return Math.copySign(odd, nearest);
  }
}
