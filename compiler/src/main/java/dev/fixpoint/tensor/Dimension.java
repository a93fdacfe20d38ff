package dev.fixpoint.tensor;

/** One dimension of a shape: a size, a named unknown, or an unknown without a name. */
public sealed interface Dimension {
  /** The dimension that nothing is known of. */
  Dimension UNKNOWN = new Unknown();

  /**
   * A dimension with a known size.
   *
   * @param size number of elements along it, 0 or more
   */
  record Fixed(long size) implements Dimension {
    /** Refuses a negative size. */
    public Fixed {
      if (size < 0) {
        throw new IllegalArgumentException("a dimension cannot be negative: " + size);
      }
    }

    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /**
   * A dimension known by name only; equal names within a graph mean equal sizes.
   *
   * @param name the {@code dim_param} of ONNX, not empty
   */
  record Symbolic(String name) implements Dimension {
    /** Refuses an empty name. */
    public Symbolic {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("a symbolic dimension needs a name");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A dimension that nothing is known of. */
  record Unknown() implements Dimension {
    @Override
    public String toString() {
      return "?";
    }
  }

  /** A dimension of the given size. */
  static Dimension of(long size) {
    return new Fixed(size);
  }

  /** A dimension with the given name. */
  static Dimension of(String name) {
    return new Symbolic(name);
  }

  /** Whether the size is known. */
  default boolean isFixed() {
    return this instanceof Fixed;
  }

  /** Whether this is known to be the given size. */
  default boolean isSize(long size) {
    return this instanceof Fixed fixed && fixed.size() == size;
  }

  /** Whether both may describe the same size: not two different known sizes. */
  default boolean isCompatibleWith(Dimension other) {
    return !(this instanceof Fixed a && other instanceof Fixed b && a.size() != b.size());
  }

  /** The more specific of two compatible dimensions: size before name before unknown. */
  default Dimension refinedBy(Dimension other) {
    if (this instanceof Fixed || other instanceof Unknown) {
      return this;
    }
    return other instanceof Fixed || this instanceof Unknown ? other : this;
  }
}
