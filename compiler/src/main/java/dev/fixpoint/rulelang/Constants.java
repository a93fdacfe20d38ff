package dev.fixpoint.rulelang;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;

/** The one rounding of what was computed in double: into the element type in which it is stored. */
final class Constants {
  private Constants() {}

  /**
   * A constant as it is stored.
   *
   * @param tensor the elements in their type
   * @param error how far each can be from the number that is meant
   */
  record Stored(Tensor tensor, ErrorBound error) {}

  /** A constant in its element type, with the error of the rounding and of what it comes from. */
  static Stored store(Computed computed, ElementType type) {
    Tensor tensor = stored(computed, type);
    if (!computed.isFloat() && computed.errors() == null && !type.isFloat()) {
      return new Stored(tensor, ErrorBound.EXACT);
    }
    double[] meant = computed.values();
    double[] errors = computed.errorValues();
    for (int i = 0; i < meant.length; i++) {
      double kept = tensor.doubleAt(i);
      boolean same = kept == meant[i] && errors[i] == 0;
      errors[i] = same ? 0 : Math.nextUp(Math.nextUp(Math.abs(kept - meant[i])) + errors[i]);
    }
    return new Stored(tensor, ErrorBound.perElement(errors));
  }

  /** A constant in an element type; refuses what does not fit it. */
  static Tensor stored(Computed computed, ElementType type) {
    Tensor tensor = computed.tensor();
    if (tensor.elementType() == type) {
      requireFinite(computed, tensor);
      return tensor;
    }
    if (type.isFloat() && tensor.elementType().isNumeric()) {
      Tensor rounded = Tensor.ofDoubles(type, tensor.shape(), tensor.toDoubles());
      requireFinite(computed, rounded);
      return rounded;
    }
    if (type.isInteger() && tensor.elementType() == ElementType.INT64) {
      try {
        return Tensor.ofLongs(type, tensor.shape(), tensor.toLongs());
      } catch (ArithmeticException e) {
        throw new Refusal("a constant does not fit: " + e.getMessage());
      }
    }
    if (type == ElementType.BOOL && tensor.elementType() == ElementType.INT64) {
      try {
        return Tensor.ofLongs(type, tensor.shape(), tensor.toLongs());
      } catch (ArithmeticException e) {
        throw new Refusal("a constant is no truth value: " + e.getMessage());
      }
    }
    throw new Refusal(
        "a constant of type "
            + tensor.elementType().text()
            + " is wanted as "
            + type.text()
            + "; write a Cast");
  }

  /** A number that was finite must not become infinite, nor a computation end in NaN. */
  private static void requireFinite(Computed computed, Tensor stored) {
    if (!stored.elementType().isFloat()) {
      return;
    }
    boolean literal = computed.isUntyped() && computed.errors() == null;
    for (long i = 0; i < stored.elementCount(); i++) {
      double kept = stored.doubleAt(i);
      if (!Double.isFinite(kept) && !(literal && !Double.isFinite(computed.tensor().doubleAt(i)))) {
        throw new Refusal(
            "element "
                + i
                + " of a constant would be "
                + kept
                + " as "
                + stored.elementType().text());
      }
    }
  }

  /** A constant in the type of what it was computed from; float where it has none. */
  static Tensor ownType(Computed computed) {
    ElementType type = computed.stored();
    if (type == null) {
      type = computed.isFloat() ? ElementType.FLOAT : computed.tensor().elementType();
    }
    if (type == ElementType.UNDEFINED) {
      throw new Refusal("a constant is computed from several element types; write a Cast");
    }
    return stored(computed, type);
  }
}
