package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The sums of products that Conv, Gemm, MatMul and their fused forms have in common, by operator.
 */
interface LinearPart {
  /** The shape of the result, as far as known. */
  Shape shape(OpCall call);

  /** The form whose slots are elements; all types are static. */
  SumForm elements(OpCall call);

  /**
   * The form whose results are one slot for each output channel, or one in all; null where too
   * little is known of the shapes.
   */
  @Nullable SumForm channels(OpCall call);

  /** The factor of an operand that attributes give: 1 is the second one, 2 the addend. */
  default double factor(OpCall call, int operand) {
    return 1;
  }

  /** The attributes that are left when those factors are 1. */
  default Attributes withoutFactors(Attributes attributes) {
    return attributes;
  }
}
