package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Positions of axes, and arithmetic on dimensions of which some are known by name only. */
final class Axes {
  private Axes() {}

  /** An axis counted from the front; refuses one outside {@code [-rank, rank - 1]}. */
  static int normalized(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          "axis " + axis + " is outside [" + -rank + ", " + (rank - 1) + "]");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Axes counted from the front; refuses ones out of range or named twice. */
  static int[] normalized(long[] axes, int rank) {
    int[] normalized = new int[axes.length];
    boolean[] seen = new boolean[rank];
    for (int i = 0; i < axes.length; i++) {
      normalized[i] = normalized(axes[i], rank);
      if (seen[normalized[i]]) {
        throw new IllegalArgumentException("axis " + axes[i] + " is named twice");
      }
      seen[normalized[i]] = true;
    }
    return normalized;
  }

  /** The integers of an input that is known, or null: a constant, or known entries of a shape. */
  static long @Nullable [] longs(OpCall call, int input) {
    Tensor tensor = call.constant(input);
    if (tensor != null) {
      return tensor.elementType().isFloat() ? null : tensor.toLongs();
    }
    ShapeValue value = call.shapeValue(input);
    return value == null ? null : value.numbers();
  }

  /** The number of elements of a vector input, or -1 where that is not known. */
  static int length(OpCall call, int input) {
    ShapeValue value = call.shapeValue(input);
    if (value != null) {
      return value.size();
    }
    Shape shape = call.type(input).shape();
    return shape.isStatic() ? Math.toIntExact(shape.elementCount()) : -1;
  }

  /** The shape that an input describes, as far as it is known. */
  static Shape shape(OpCall call, int input) {
    Tensor constant = call.constant(input);
    if (constant != null) {
      return Shape.of(constant.toLongs());
    }
    ShapeValue value = call.shapeValue(input);
    if (value == null) {
      int rank = length(call, input);
      return rank < 0 ? Shape.UNRANKED : Shape.ofRank(rank);
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      dimensions.add(value.dimension(i));
    }
    return Shape.of(dimensions);
  }

  /** The tensor of an input of one element, a scalar or not; refuses others. */
  static Tensor single(OpCall call, int input) {
    return single(call.tensor(input), input);
  }

  /** A tensor of one element, as it is; refuses others. */
  static Tensor single(Tensor tensor, int input) {
    if (tensor.elementCount() != 1) {
      throw new IllegalArgumentException(
          "input " + input + " should hold one element, but is " + tensor);
    }
    return tensor;
  }

  /** The shape of an input, which has the given rank where it is known; refuses others. */
  static Shape ofRank(OpCall call, int input, int rank) {
    Shape shape = call.type(input).shape();
    if (shape.isRanked() && shape.rank() != rank) {
      throw new IllegalArgumentException(
          "input " + input + " should have rank " + rank + ", but has shape " + shape);
    }
    return shape.isRanked() ? shape : Shape.ofRank(rank);
  }

  /** Refuses an input, where it is there, of another shape. */
  static void requireShape(OpCall call, int input, long... sizes) {
    Shape shape = Shape.of(sizes);
    if (call.hasInput(input) && !call.tensor(input).shape().equals(shape)) {
      throw new IllegalArgumentException(
          "input " + input + " should have shape " + shape + ", but is " + call.type(input));
    }
  }

  /** A number that an input holds alone, or null where it is not known. */
  static @Nullable Long number(OpCall call, int input) {
    long[] numbers = longs(call, input);
    if (numbers == null) {
      return null;
    }
    if (numbers.length != 1) {
      throw new IllegalArgumentException(
          "input " + input + " should hold one number, but holds " + numbers.length);
    }
    return numbers[0];
  }

  /** A dimension as a number or symbol, or null where nothing is known of it. */
  static @Nullable Affine affine(Dimension dimension) {
    return switch (dimension) {
      case Dimension.Fixed fixed -> Affine.of(fixed.size());
      case Dimension.Symbolic symbolic -> Affine.of(symbolic.name());
      case Dimension.Unknown _ -> null;
    };
  }

  /** The sum of two dimensions. */
  static Dimension sum(Dimension a, Dimension b) {
    Affine left = affine(a);
    Affine right = affine(b);
    return left == null || right == null ? Dimension.UNKNOWN : left.plus(right).dimension();
  }

  /** A dimension times a number. */
  static Dimension times(Dimension dimension, long factor) {
    if (factor == 0) {
      return Dimension.of(0);
    }
    Affine affine = affine(dimension);
    return affine == null ? dimension : affine.times(factor).dimension();
  }

  /** The product of dimensions; not known where two of them are not numbers. */
  static Dimension product(List<Dimension> dimensions) {
    long number = 1;
    Dimension other = Dimension.of(1);
    int others = 0;
    for (Dimension dimension : dimensions) {
      if (dimension instanceof Dimension.Fixed fixed) {
        number = Math.multiplyExact(number, fixed.size());
      } else {
        other = dimension;
        others++;
      }
    }
    if (number == 0 || others == 0) {
      return Dimension.of(number);
    }
    return others == 1 ? times(other, number) : Dimension.UNKNOWN;
  }

  /** What is known of a dimension from two descriptions of it; refuses two different sizes. */
  static Dimension merged(Dimension a, Dimension b, int axis) {
    if (!a.isCompatibleWith(b)) {
      throw new IllegalArgumentException("axis " + axis + " has sizes " + a + " and " + b);
    }
    return a.refinedBy(b);
  }
}
