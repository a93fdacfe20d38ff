package dev.fixpoint.testing.internal;

import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.rewrite.ElementLiteral;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** One input of a call that is being made up. */
final class Slot {
  final boolean present;
  @Nullable TensorType type;
  @Nullable Tensor constant;
  @Nullable ShapeValue shapeValue;
  Fill fill = Fill.ANY;
  boolean mustBeConstant;
  @Nullable ElementLiteral literal;

  private Slot(boolean present) {
    this.present = present;
  }

  static Slot absent() {
    return new Slot(false);
  }

  static Slot open(boolean mustBeConstant, @Nullable ElementLiteral literal) {
    Slot slot = new Slot(true);
    slot.literal = literal;
    slot.mustBeConstant = mustBeConstant;
    return slot;
  }

  static Slot given(TensorType type, @Nullable Tensor constant, @Nullable ShapeValue shapeValue) {
    Slot slot = new Slot(true);
    slot.type = type;
    slot.constant = constant;
    slot.shapeValue = constant == null ? shapeValue : ShapeValue.ofTensor(constant);
    return slot;
  }
}
