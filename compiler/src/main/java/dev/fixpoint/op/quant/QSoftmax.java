package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.standard.StandardOps;

/**
 * Softmax of float values along one axis that writes 8-bit integers: attention's probabilities,
 * whose range is [0, 1] whatever the scores are.
 */
public final class QSoftmax extends QuantizedResult {
  /** The axis; negative ones count from the end. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** The definition. */
  public QSoftmax() {
    super(
        StandardOps.SOFTMAX,
        OpSchema.of(OpId.fixpoint("QSoftmax"))
            .versions(1)
            .input("x", QuantTypes.FLOAT)
            .attributes(AXIS),
        1);
  }
}
