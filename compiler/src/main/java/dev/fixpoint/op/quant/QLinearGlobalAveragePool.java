package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;

/**
 * ONNX Runtime QLinearGlobalAveragePool: the mean over all spatial positions of a quantized tensor.
 * {@link QGlobalAveragePool} says how it rounds. Channels come before the spatial dimensions.
 */
public final class QLinearGlobalAveragePool extends RearrangedOp {
  static final Attribute<Long> CHANNELS_LAST = Attribute.ofInt("channels_last", 0);

  private static final OpSchema SCHEMA =
      Averages.schema(OpId.microsoft("QLinearGlobalAveragePool"))
          .attributes(CHANNELS_LAST)
          .doc("Mean over all spatial positions, requantized once.");

  /** The definition. */
  public QLinearGlobalAveragePool() {
    super(SCHEMA, new QGlobalAveragePool());
  }

  @Override
  OpCall rearranged(OpCall call) {
    return channelsFirst(call);
  }

  /** The call; refuses one with channels last. */
  static OpCall channelsFirst(OpCall call) {
    if (call.attributes().isSet(CHANNELS_LAST)) {
      throw new IllegalArgumentException(
          "channels_last is not supported; write the model with channels first");
    }
    return call;
  }
}
