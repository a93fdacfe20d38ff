package dev.fixpoint.op;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of an operator whose inputs are partly given, partly to be drawn.
 *
 * @param op operator
 * @param attributes its attributes
 * @param inputs its inputs, null where absent
 */
record OpExample(OpDefinition op, Attributes attributes, List<@Nullable Input> inputs) {
  /** An input. */
  sealed interface Input {
    /**
     * Any tensor of a type with elements in an interval.
     *
     * @param elementType type of the elements
     * @param shape static shape
     * @param low smallest element
     * @param high largest element
     */
    record Drawn(ElementType elementType, Shape shape, double low, double high) implements Input {}

    /** One tensor, known before evaluation. */
    record Given(Tensor tensor) implements Input {}
  }

  @Override
  public String toString() {
    return op.id() + " " + attributes + " " + inputs;
  }
}
