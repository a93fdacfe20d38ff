package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.standard.LayerNormalization;
import dev.fixpoint.op.standard.StandardOps;

/**
 * LayerNormalization of float values that writes 8-bit integers, as the attention block of
 * SmoothQuant (Xiao et al. 2023) has it before its integer projections.
 */
public final class QLayerNormalization extends QuantizedResult {
  /** The definition. */
  public QLayerNormalization() {
    super(
        StandardOps.LAYER_NORMALIZATION,
        OpSchema.of(OpId.fixpoint("QLayerNormalization"))
            .versions(1)
            .input("x", QuantTypes.FLOAT)
            .input("scale", QuantTypes.FLOAT)
            .optionalInput("bias", QuantTypes.FLOAT)
            .attributes(
                LayerNormalization.AXIS, LayerNormalization.EPSILON, LayerNormalization.STASH_TYPE),
        3);
  }
}
