package dev.fixpoint.op;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the entries of a small integer tensor (a scalar or a vector) that describes a
 * shape: each entry a number, an affine expression of symbolic dimensions, or unknown.
 *
 * @param scalar whether the tensor is a scalar rather than a vector
 * @param entries the entries; null where nothing is known
 */
public record ShapeValue(boolean scalar, List<@Nullable Affine> entries) {
  /** Longest vector that is tracked. */
  public static final int MAX_ENTRIES = 64;

  /** Keeps an unmodifiable copy. */
  public ShapeValue {
    entries = Collections.unmodifiableList(new ArrayList<>(entries));
  }

  /** A vector. */
  public static ShapeValue vector(List<@Nullable Affine> entries) {
    return new ShapeValue(false, entries);
  }

  /** A scalar. */
  public static ShapeValue ofScalar(@Nullable Affine entry) {
    List<@Nullable Affine> entries = new ArrayList<>();
    entries.add(entry);
    return new ShapeValue(true, entries);
  }

  /** The entries of a constant, or null where it is no int32 or int64 scalar or short vector. */
  public static @Nullable ShapeValue ofTensor(Tensor tensor) {
    boolean integers =
        tensor.elementType() == ElementType.INT64 || tensor.elementType() == ElementType.INT32;
    if (!integers || tensor.shape().rank() > 1 || tensor.elementCount() > MAX_ENTRIES) {
      return null;
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (long value : tensor.toLongs()) {
      entries.add(Affine.of(value));
    }
    return new ShapeValue(tensor.shape().rank() == 0, entries);
  }

  /** The dimensions of a ranked shape as a vector. */
  public static ShapeValue ofShape(Shape shape) {
    List<@Nullable Affine> entries = new ArrayList<>();
    for (Dimension dimension : shape.dimensions()) {
      entries.add(
          switch (dimension) {
            case Dimension.Fixed fixed -> Affine.of(fixed.size());
            case Dimension.Symbolic symbolic -> Affine.of(symbolic.name());
            case Dimension.Unknown _ -> null;
          });
    }
    return vector(entries);
  }

  /** Number of entries. */
  public int size() {
    return entries.size();
  }

  /** An entry as a dimension. */
  public Dimension dimension(int index) {
    Affine entry = entries.get(index);
    return entry == null || (entry.isConstant() && entry.constant() < 0)
        ? Dimension.UNKNOWN
        : entry.dimension();
  }

  /** Whether every entry is a number. */
  public boolean isConstant() {
    return entries.stream().allMatch(entry -> entry != null && entry.isConstant());
  }

  /** The entries as numbers, or null where one is not a number. */
  public long @Nullable [] numbers() {
    return isConstant()
        ? entries.stream().mapToLong(e -> e == null ? 0 : e.constant()).toArray()
        : null;
  }
}
