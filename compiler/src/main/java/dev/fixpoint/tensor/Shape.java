package dev.fixpoint.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a tensor: a list of dimensions, or a shape of unknown rank. The element count of a
 * known shape fits a long, checked on construction.
 */
public final class Shape {
  /** The shape of a scalar: no dimensions, one element. */
  public static final Shape SCALAR = new Shape(List.of());

  /** The shape that nothing is known of, not even the rank. */
  public static final Shape UNRANKED = new Shape(null);

  private final @Nullable List<Dimension> dimensions;

  private Shape(@Nullable List<Dimension> dimensions) {
    this.dimensions = dimensions;
  }

  /** A shape with the given sizes; refuses negative ones and an element count over 2^63 - 1. */
  public static Shape of(long... sizes) {
    return of(Arrays.stream(sizes).mapToObj(Dimension::of).toList());
  }

  /** A shape with the given dimensions. */
  public static Shape of(List<Dimension> dimensions) {
    long count = 1;
    for (Dimension dimension : dimensions) {
      if (dimension instanceof Dimension.Fixed fixed && fixed.size() > 0) {
        try {
          count = Math.multiplyExact(count, fixed.size());
        } catch (ArithmeticException e) {
          throw new IllegalArgumentException(
              "the dimensions " + dimensions + " multiply to more than 2^63 - 1 elements", e);
        }
      }
    }
    return dimensions.isEmpty() ? SCALAR : new Shape(List.copyOf(dimensions));
  }

  /** A shape of the given rank with nothing known of its dimensions. */
  public static Shape ofRank(int rank) {
    return of(Collections.nCopies(rank, Dimension.UNKNOWN));
  }

  /** Whether the rank is known. */
  public boolean isRanked() {
    return dimensions != null;
  }

  /** Whether the rank and every size are known. */
  public boolean isStatic() {
    return dimensions != null && dimensions.stream().allMatch(Dimension::isFixed);
  }

  /** The dimensions; throws for an unknown rank. */
  public List<Dimension> dimensions() {
    if (dimensions == null) {
      throw new IllegalStateException("the rank of this shape is not known");
    }
    return dimensions;
  }

  /** Number of dimensions; throws for an unknown rank. */
  public int rank() {
    return dimensions().size();
  }

  /** The dimension at a position; a negative position counts from the end. */
  public Dimension dimension(int axis) {
    return dimensions().get(axis < 0 ? axis + rank() : axis);
  }

  /** The size at a position; a negative position counts from the end; throws when not known. */
  public long size(int axis) {
    if (dimension(axis) instanceof Dimension.Fixed fixed) {
      return fixed.size();
    }
    throw new IllegalStateException("dimension " + axis + " of " + this + " is not known");
  }

  /** The size at a position as an int; throws when not known or too large for an array. */
  public int intSize(int axis) {
    return Math.toIntExact(size(axis));
  }

  /** All sizes; throws when one is not known. */
  public long[] sizes() {
    long[] sizes = new long[rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(i);
    }
    return sizes;
  }

  /** All sizes as ints; throws when one is not known or too large for an array. */
  public int[] intSizes() {
    return Arrays.stream(sizes()).mapToInt(Math::toIntExact).toArray();
  }

  /** Number of elements; throws when a size is not known. */
  public long elementCount() {
    long count = 1;
    for (long size : sizes()) {
      count *= size;
    }
    return count;
  }

  /** This shape with one dimension replaced; a negative position counts from the end. */
  public Shape with(int axis, Dimension dimension) {
    List<Dimension> changed = new ArrayList<>(dimensions());
    changed.set(axis < 0 ? axis + rank() : axis, dimension);
    return of(changed);
  }

  /** Whether both may describe the same tensor. */
  public boolean isCompatibleWith(Shape other) {
    if (dimensions == null || other.dimensions == null) {
      return true;
    }
    if (rank() != other.rank()) {
      return false;
    }
    for (int i = 0; i < rank(); i++) {
      if (!dimensions.get(i).isCompatibleWith(other.dimensions.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** What is known from either of two compatible shapes. */
  public Shape refinedBy(Shape other) {
    if (dimensions == null) {
      return other;
    }
    if (other.dimensions == null) {
      return this;
    }
    List<Dimension> refined = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      refined.add(dimensions.get(i).refinedBy(other.dimensions.get(i)));
    }
    return of(refined);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Shape shape && Objects.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(dimensions);
  }

  /** The shape as ONNX's textual syntax writes it, such as {@code [N,3,224,224]}. */
  @Override
  public String toString() {
    return dimensions == null
        ? "[]?"
        : dimensions.stream().map(Dimension::toString).collect(Collectors.joining(",", "[", "]"));
  }
}
