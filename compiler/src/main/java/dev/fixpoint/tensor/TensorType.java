package dev.fixpoint.tensor;

/**
 * The type of a tensor: element type and shape.
 *
 * @param elementType type of every element
 * @param shape dimensions, known or not
 */
public record TensorType(ElementType elementType, Shape shape) {
  /** The type that nothing is known of. */
  public static final TensorType UNKNOWN = new TensorType(ElementType.UNDEFINED, Shape.UNRANKED);

  /** A type with known sizes. */
  public static TensorType of(ElementType elementType, long... sizes) {
    return new TensorType(elementType, Shape.of(sizes));
  }

  /** This type with another shape. */
  public TensorType withShape(Shape newShape) {
    return new TensorType(elementType, newShape);
  }

  /** This type with another element type. */
  public TensorType withElementType(ElementType newElementType) {
    return new TensorType(newElementType, shape);
  }

  /** Whether both may describe the same tensor. */
  public boolean isCompatibleWith(TensorType other) {
    return (elementType == other.elementType
            || elementType == ElementType.UNDEFINED
            || other.elementType == ElementType.UNDEFINED)
        && shape.isCompatibleWith(other.shape);
  }

  /** What is known from either of two compatible types. */
  public TensorType refinedBy(TensorType other) {
    return new TensorType(
        elementType == ElementType.UNDEFINED ? other.elementType : elementType,
        shape.refinedBy(other.shape));
  }

  /** The type as ONNX's textual syntax writes it, such as {@code float[N,10]}. */
  @Override
  public String toString() {
    if (!shape.isRanked()) {
      return elementType.text() + "[]";
    }
    return shape.rank() == 0 ? elementType.text() : elementType.text() + shape;
  }
}
