package dev.fixpoint.op.standard;

import static dev.fixpoint.tensor.ElementType.INT16;
import static dev.fixpoint.tensor.ElementType.INT32;
import static dev.fixpoint.tensor.ElementType.INT64;
import static dev.fixpoint.tensor.ElementType.INT8;

import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import java.util.Set;

/** Sets of element types that schemas of arithmetic operators name. */
final class NumericTypes {
  /** Floats and signed integers. */
  static final Set<ElementType> SIGNED =
      Types.union(Types.FLOATS, Set.of(INT8, INT16, INT32, INT64));

  private NumericTypes() {}
}
