package dev.fixpoint.bound;

import dev.fixpoint.tensor.Shape;

/**
 * How a few numbers spread over the elements of a tensor: the same for all, one for each index of
 * an axis, or one for each element. Ranges and error bounds share it.
 */
public sealed interface Spread {
  /** One number for all elements. */
  Spread UNIFORM = new Uniform();

  /** Number of distinct entries. */
  int count();

  /** The entry of an element of a tensor of the given static shape, by its row-major position. */
  int indexOf(long flat, Shape shape);

  /** One entry for the whole tensor. */
  record Uniform() implements Spread {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public int indexOf(long flat, Shape shape) {
      return 0;
    }
  }

  /**
   * One entry for each index of an axis.
   *
   * @param axis position of the axis, 0 or more
   * @param count its size
   */
  record Along(int axis, int count) implements Spread {
    @Override
    public int indexOf(long flat, Shape shape) {
      long inner = 1;
      for (int i = axis + 1; i < shape.rank(); i++) {
        inner *= shape.size(i);
      }
      return (int) (flat / inner % count);
    }
  }

  /**
   * One entry for each element.
   *
   * @param count number of elements
   */
  record Elements(int count) implements Spread {
    @Override
    public int indexOf(long flat, Shape shape) {
      return (int) flat;
    }
  }

  /** The finer of two spreads, or uniform where neither refines the other. */
  default Spread meet(Spread other) {
    if (this instanceof Uniform) {
      return other;
    }
    return other instanceof Uniform || equals(other) ? this : UNIFORM;
  }
}
