package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Arithmetic on the known entries of tensors that describe shapes. */
final class ShapeArithmetic {
  private ShapeArithmetic() {}

  /** A function of two entries; null where the result is not known. */
  @FunctionalInterface
  interface Combination {
    @Nullable Affine of(Affine a, Affine b);
  }

  /** The entries of a function of the first two inputs, or null where nothing is known. */
  static @Nullable ShapeValue combine(OpCall call, Combination function) {
    ShapeValue a = call.shapeValue(0);
    ShapeValue b = call.shapeValue(1);
    return a == null || b == null ? null : combine(a, b, function);
  }

  /** The entries of a function of the first two inputs where both are numbers. */
  static @Nullable ShapeValue numbers(OpCall call, LongBinaryOperator function) {
    return combine(
        call,
        (a, b) ->
            a.isConstant() && b.isConstant()
                ? Affine.of(function.applyAsLong(a.constant(), b.constant()))
                : null);
  }

  /** The entries of a function of two values, scalars and single entries repeated. */
  static @Nullable ShapeValue combine(ShapeValue a, ShapeValue b, Combination function) {
    int size = a.size() == 1 ? b.size() : a.size();
    if (b.size() != size && b.size() != 1) {
      return null;
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      entries.add(combine(entry(a, i), entry(b, i), function));
    }
    return new ShapeValue(a.scalar() && b.scalar(), entries);
  }

  /** The entries of one value where they are known, else those of another of the same size. */
  static @Nullable ShapeValue either(ShapeValue a, ShapeValue b) {
    if (a.size() != b.size()) {
      return null;
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      Affine entry = a.entries().get(i);
      entries.add(entry == null ? b.entries().get(i) : entry);
    }
    return new ShapeValue(a.scalar() && b.scalar(), entries);
  }

  private static @Nullable Affine combine(
      @Nullable Affine a, @Nullable Affine b, Combination function) {
    if (a == null || b == null) {
      return null;
    }
    try {
      return function.of(a, b);
    } catch (ArithmeticException e) {
      return null; // too large for a long: nothing that could be a dimension
    }
  }

  private static @Nullable Affine entry(ShapeValue value, int index) {
    return value.entries().get(value.size() == 1 ? 0 : index);
  }
}
