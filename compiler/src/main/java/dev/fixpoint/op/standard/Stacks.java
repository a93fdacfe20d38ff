package dev.fixpoint.op.standard;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Tensors of one type laid along a new axis, and taken from an axis. */
final class Stacks {
  private Stacks() {}

  /**
   * Tensors of one shape along a new axis.
   *
   * @param type what is known of their type, for the case that there are none
   */
  static Tensor stack(List<Tensor> slices, long givenAxis, TensorType type) {
    Shape each = slices.isEmpty() ? emptied(type.shape()) : slices.getFirst().shape();
    for (Tensor slice : slices) {
      if (!slice.shape().equals(each)) {
        throw new IllegalArgumentException(
            "cannot stack tensors of shapes " + each + " and " + slice.shape());
      }
    }
    int axis = Axes.normalized(givenAxis, each.rank() + 1);
    List<Dimension> dimensions = new ArrayList<>(each.dimensions());
    dimensions.add(axis, Dimension.of(slices.size()));
    Shape shape = Shape.of(dimensions);
    if (slices.isEmpty()) {
      return type.elementType() == ElementType.STRING
          ? Tensor.ofStrings(shape, List.of())
          : Tensor.ofBits(type.elementType(), shape);
    }
    List<Shape> shapes = Collections.nCopies(slices.size(), unit(each, axis));
    return Elements.gather(Elements.chained(slices), shape, Joined.positions(shapes, axis));
  }

  private static Shape emptied(Shape shape) {
    if (!shape.isRanked()) {
      return Shape.SCALAR;
    }
    return Shape.of(
        shape.dimensions().stream().map(d -> d.isFixed() ? d : Dimension.of(0)).toList());
  }

  private static Shape unit(Shape shape, int axis) {
    List<Dimension> dimensions = new ArrayList<>(shape.dimensions());
    dimensions.add(axis, Dimension.of(1));
    return Shape.of(dimensions);
  }

  /** The slice at an index of an axis, without that axis. */
  static Tensor slice(Tensor tensor, int axis, int index) {
    int[] sizes = tensor.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[][] offsets = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      offsets[i] =
          i == axis ? new int[] {index * strides[i]} : Elements.steps(sizes[i], strides[i]);
    }
    List<Dimension> dimensions = new ArrayList<>(tensor.shape().dimensions());
    dimensions.remove(axis);
    return Elements.gather(tensor, Shape.of(dimensions), Elements.positions(offsets));
  }
}
