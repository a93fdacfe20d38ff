package dev.fixpoint.op.standard;

import static dev.fixpoint.tensor.ElementType.BOOL;
import static dev.fixpoint.tensor.ElementType.FLOAT8E4M3FN;
import static dev.fixpoint.tensor.ElementType.FLOAT8E4M3FNUZ;
import static dev.fixpoint.tensor.ElementType.FLOAT8E5M2;
import static dev.fixpoint.tensor.ElementType.FLOAT8E5M2FNUZ;
import static dev.fixpoint.tensor.ElementType.INT16;
import static dev.fixpoint.tensor.ElementType.INT32;
import static dev.fixpoint.tensor.ElementType.INT64;
import static dev.fixpoint.tensor.ElementType.INT8;
import static dev.fixpoint.tensor.ElementType.STRING;
import static dev.fixpoint.tensor.ElementType.UINT32;
import static dev.fixpoint.tensor.ElementType.UINT64;
import static dev.fixpoint.tensor.ElementType.UINT8;

import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import java.util.Set;

/** Sets of element types that schemas of arithmetic operators name. */
final class NumericTypes {
  /** Floats and signed integers. */
  static final Set<ElementType> SIGNED =
      Types.union(Types.FLOATS, Set.of(INT8, INT16, INT32, INT64));

  /** Numbers, truth values and strings. */
  static final Set<ElementType> COMPARABLE = Types.union(Types.NUMBERS, Set.of(BOOL, STRING));

  /** Floats of 8 bits and more that have a code for what is not a number. */
  static final Set<ElementType> FLOATS_WITH_NAN =
      Types.union(Types.FLOATS, Set.of(FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ));

  /** Floats and integers of 32 bits and more. */
  static final Set<ElementType> REDUCIBLE =
      Types.union(Types.FLOATS, Set.of(INT32, INT64, UINT32, UINT64));

  /** {@link #REDUCIBLE}, bytes and truth values. */
  static final Set<ElementType> REDUCIBLE_BY_ORDER =
      Types.union(REDUCIBLE, Set.of(INT8, UINT8, BOOL));

  private NumericTypes() {}
}
