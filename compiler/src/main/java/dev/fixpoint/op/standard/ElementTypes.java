package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;

/** Element types that attributes name by number. */
final class ElementTypes {
  private ElementTypes() {}

  /** The type that an attribute names, or the given one where it is absent. */
  static ElementType given(OpCall call, Attribute<Long> key, ElementType otherwise) {
    Long code = call.attributes().find(key);
    return code == null ? otherwise : ofCode(code, key);
  }

  /** The type that an attribute names; it must be there or have a default. */
  static ElementType given(OpCall call, Attribute<Long> key) {
    return ofCode(call.get(key), key);
  }

  private static ElementType ofCode(long code, Attribute<Long> key) {
    return ElementType.ofCode((int) code)
        .filter(type -> type.code() == code)
        .orElseThrow(
            () -> new IllegalArgumentException(key.name() + " names no element type: " + code));
  }

  /** The vector of 0 and 1 in a numeric type. */
  static Tensor zeroAndOne(ElementType type) {
    return type.isFloat()
        ? Tensor.ofDoubles(type, Shape.of(2), 0, 1)
        : Tensor.ofLongs(type, Shape.of(2), 0, 1);
  }
}
