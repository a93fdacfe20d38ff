package dev.fixpoint.rulelang;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A constant as it is computed: floats in double, integers in int64, so that it is rounded once,
 * when a rule is applied.
 *
 * @param tensor the elements, of type double, int64, bool or string
 * @param errors how far each element can be from the number that is meant, as a tensor of doubles
 *     of the same shape; null where nothing was rounded
 * @param stored element type of what this was computed from; null where it has none yet, as a
 *     number in a rule; {@link ElementType#UNDEFINED} where there were several
 */
public record Computed(Tensor tensor, @Nullable Tensor errors, @Nullable ElementType stored)
    implements Operand {
  /** Refuses other element types and errors of another shape. */
  public Computed {
    switch (tensor.elementType()) {
      case DOUBLE, INT64, BOOL, STRING -> {}
      default ->
          throw new IllegalArgumentException(
              "a constant is computed in double or int64, not in " + tensor.elementType().text());
    }
    if (errors != null && !errors.shape().equals(tensor.shape())) {
      throw new IllegalArgumentException(
          "errors of shape " + errors.shape() + " for elements of shape " + tensor.shape());
    }
  }

  /** What a constant of a graph is worth: its elements, exactly. */
  public static Computed of(Tensor constant) {
    return new Computed(widened(constant), null, constant.elementType());
  }

  /** Numbers of no element type yet, exactly. */
  public static Computed untyped(Tensor tensor) {
    return new Computed(widened(tensor), null, null);
  }

  /** An integer of no element type yet. */
  public static Computed integer(long value) {
    return untyped(Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, value));
  }

  /** A number of no element type yet. */
  public static Computed number(double value) {
    return untyped(Tensor.scalar(ElementType.DOUBLE, value));
  }

  /** A number as a rule spells it, which may be the beginning of a longer one. */
  static Computed spelled(double value) {
    double error = MeantNumber.spelling(value);
    Tensor number = Tensor.scalar(ElementType.DOUBLE, value);
    return new Computed(number, error == 0 ? null : Tensor.scalar(ElementType.DOUBLE, error), null);
  }

  /**
   * Floats that were computed in double.
   *
   * @param stored element type in which they are meant to be stored
   * @param errors how far each can be from the number that is meant
   */
  public static Computed of(ElementType stored, Shape shape, double[] values, double[] errors) {
    return new Computed(
        Tensor.ofDoubles(ElementType.DOUBLE, shape, values),
        Tensor.ofDoubles(ElementType.DOUBLE, shape, errors),
        stored);
  }

  private static Tensor widened(Tensor tensor) {
    ElementType type = tensor.elementType();
    if (type == ElementType.DOUBLE
        || type == ElementType.INT64
        || type == ElementType.BOOL
        || type == ElementType.STRING) {
      return tensor;
    }
    if (type.isFloat()) {
      return Tensor.ofDoubles(ElementType.DOUBLE, tensor.shape(), tensor.toDoubles());
    }
    if (type.isInteger()) {
      long[] values = tensor.toLongs();
      if (type == ElementType.UINT64 && Arrays.stream(values).anyMatch(v -> v < 0)) {
        throw new Refusal("a constant of type uint64 has elements beyond int64");
      }
      return Tensor.ofLongs(ElementType.INT64, tensor.shape(), values);
    }
    throw new Refusal("a constant of type " + type.text() + " cannot be computed with");
  }

  /** The shape. */
  public Shape shape() {
    return tensor.shape();
  }

  /** The elements as doubles, in row-major order. */
  public double[] values() {
    return tensor.toDoubles();
  }

  /** How far each element can be from the number that is meant, in row-major order. */
  public double[] errorValues() {
    return errors == null ? new double[Math.toIntExact(tensor.elementCount())] : errors.toDoubles();
  }

  /** Whether the elements are floating-point numbers. */
  public boolean isFloat() {
    return tensor.elementType() == ElementType.DOUBLE;
  }

  /** Whether these are numbers of no element type yet. */
  public boolean isUntyped() {
    return stored == null;
  }

  /** The only element as an integer; refuses others. */
  public long asInteger() {
    requireOne();
    double value = tensor.doubleAt(0);
    if (tensor.elementType() == ElementType.INT64) {
      return tensor.longAt(0);
    }
    if (value != Math.rint(value) || Math.abs(value) > 0x1p53) {
      throw new Refusal(value + " is no integer");
    }
    return (long) value;
  }

  /** The only element as a number; refuses others. */
  public double asNumber() {
    requireOne();
    return tensor.doubleAt(0);
  }

  private void requireOne() {
    if (tensor.elementType() == ElementType.STRING || tensor.elementCount() != 1) {
      throw new Refusal("a tensor of shape " + tensor.shape() + " is no single number");
    }
  }

  /** These elements as doubles, with the same errors. */
  Computed asFloats() {
    return isFloat()
        ? this
        : new Computed(
            Tensor.ofDoubles(ElementType.DOUBLE, tensor.shape(), tensor.toDoubles()),
            errors,
            stored);
  }

  /** The element type of a result of two operands. */
  static @Nullable ElementType common(@Nullable ElementType a, @Nullable ElementType b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a == b ? a : ElementType.UNDEFINED;
  }
}
