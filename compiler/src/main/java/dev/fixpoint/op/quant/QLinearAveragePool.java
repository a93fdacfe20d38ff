package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;

/**
 * ONNX Runtime QLinearAveragePool: the mean of each window of a quantized tensor. {@link
 * QAveragePool} says how it rounds. Channels come before the spatial dimensions.
 */
public final class QLinearAveragePool extends RearrangedOp {
  private static final OpSchema SCHEMA =
      Averages.schema(OpId.microsoft("QLinearAveragePool"))
          .attributes(
              SlidingWindow.AUTO_PAD,
              SlidingWindow.CEIL_MODE,
              QLinearGlobalAveragePool.CHANNELS_LAST,
              SlidingWindow.COUNT_INCLUDE_PAD,
              SlidingWindow.KERNEL_SHAPE,
              SlidingWindow.PADS,
              SlidingWindow.STRIDES)
          .doc("Mean of each window, requantized once.");

  /** The definition. */
  public QLinearAveragePool() {
    super(SCHEMA, new QAveragePool());
  }

  @Override
  OpCall rearranged(OpCall call) {
    return QLinearGlobalAveragePool.channelsFirst(call);
  }
}
