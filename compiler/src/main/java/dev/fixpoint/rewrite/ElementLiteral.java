package dev.fixpoint.rewrite;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;

/** What all elements of a constant equal in a pattern: a number or a string, of no type yet. */
public sealed interface ElementLiteral {
  /**
   * An integer.
   *
   * @param value the number
   */
  record OfInteger(long value) implements ElementLiteral {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /**
   * A number that is no integer by its spelling.
   *
   * @param value the number
   */
  record OfNumber(double value) implements ElementLiteral {
    @Override
    public String toString() {
      return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
    }
  }

  /**
   * A string.
   *
   * @param value the characters
   */
  record OfText(String value) implements ElementLiteral {
    @Override
    public String toString() {
      return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /** A number. */
  static ElementLiteral of(double value) {
    return new OfNumber(value);
  }

  /**
   * Whether a tensor has elements and all of them equal this, as it is in their type: a fraction is
   * rounded to a float type, and no integer equals it. NaN equals NaN, zero equals minus zero.
   */
  default boolean isEverywhereIn(Tensor tensor) {
    ElementType type = tensor.elementType();
    long count = tensor.elementCount();
    if (count == 0 || (this instanceof OfText) != (type == ElementType.STRING)) {
      return false;
    }
    return switch (this) {
      case OfText text -> tensor.strings().stream().allMatch(text.value::equals);
      case OfInteger integer when type.isFloat() -> allEqual(tensor, (double) integer.value);
      case OfInteger integer -> allEqual(tensor, integer.value);
      case OfNumber number when type.isFloat() -> allEqual(tensor, number.value);
      case OfNumber number -> isWhole(number.value) && allEqual(tensor, (long) number.value);
    };
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= 0x1p53;
  }

  private static boolean allEqual(Tensor tensor, double value) {
    double wanted = Tensor.ofDoubles(tensor.elementType(), Shape.SCALAR, value).doubleAt(0);
    if (Double.isFinite(value) && !Double.isFinite(wanted)) {
      return false;
    }
    for (long i = 0; i < tensor.elementCount(); i++) {
      double element = tensor.doubleAt(i);
      if (element != wanted && !(Double.isNaN(element) && Double.isNaN(wanted))) {
        return false;
      }
    }
    return true;
  }

  private static boolean allEqual(Tensor tensor, long value) {
    if (!tensor.elementType().isNumeric() && tensor.elementType() != ElementType.BOOL) {
      return false;
    }
    for (long i = 0; i < tensor.elementCount(); i++) {
      if (tensor.longAt(i) != value) {
        return false;
      }
    }
    return true;
  }
}
