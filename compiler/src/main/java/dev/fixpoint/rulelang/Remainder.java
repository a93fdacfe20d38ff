package dev.fixpoint.rulelang;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;

/** The form of ONNX Mod that {@code %} means: fmod for floats, as the operator requires. */
final class Remainder {
  /** The attributes of a Mod of floats. */
  static final Attributes OF_FLOATS = Attributes.NONE.with(Attribute.ofInt("fmod"), 1L);

  private Remainder() {}
}
