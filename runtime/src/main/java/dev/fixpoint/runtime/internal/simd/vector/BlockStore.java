package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/** What happens to a finished accumulator block: the epilogue, in passes over L1. */
final class BlockStore {
  private static final float INFINITE = Float.POSITIVE_INFINITY;

  private BlockStore() {}

  /** The lower bound that an activation is, minus infinity where it is none. */
  private static float lowest(Activation activation) {
    return switch (activation) {
      case Activation.Relu _ -> 0;
      case Activation.Clip clip -> clip.low();
      case Activation.None _,
          Activation.LeakyRelu _,
          Activation.HardSigmoid _,
          Activation.HardSwish _,
          Activation.Swish _ ->
          -INFINITE;
    };
  }

  /**
   * Stores a block.
   *
   * @param epilogue what is done to the accumulators
   * @param block accumulators, {@code width} for each pixel
   * @param used columns that are stored
   * @param channel channel of the first column
   * @param first position of that channel at the first pixel, from the first element of the output
   * @param pitch distance between pixels of the output
   */
  static void store(
      Epilogue epilogue,
      float[] block,
      int pixels,
      int width,
      int used,
      int channel,
      Buffer y,
      @Nullable Buffer residual,
      int first,
      int pitch,
      Scratch scratch) {
    if (epilogue.kind() == Epilogue.Kind.CLAMP) {
      BlockBytes.clamp(epilogue, block, pixels, width, used, channel, y, first, pitch, scratch);
      return;
    }
    if (epilogue.kind() == Epilogue.Kind.SHIFTED) {
      BlockFloats.shift(block, pixels, width, epilogue.factors(), epilogue.shifts(), channel);
      BlockFloats.copy(block, pixels, width, used, y, first, pitch);
      return;
    }
    boolean plain = epilogue.kind() == Epilogue.Kind.PLAIN;
    if (!plain) {
      BlockFloats.scale(block, pixels, width, epilogue.factors(), channel);
    }
    if (residual != null) {
      BlockFloats.addResidual(
          block, pixels, width, used, residual, epilogue.residual(), first, pitch);
    }
    boolean toFloat = plain || epilogue.kind() == Epilogue.Kind.FLOAT;
    float low = lowest(epilogue.activation());
    float high = epilogue.activation() instanceof Activation.Clip clip ? clip.high() : INFINITE;
    if (toFloat && used % LANES == 0 && low > -INFINITE && Activations.isOrdinary(low, high)) {
      BlockFloats.copyClamped(block, pixels, width, used, y, first, pitch, low, high);
      return;
    }
    Activations.run(epilogue.activation(), block, pixels * width, scratch);
    if (toFloat) {
      BlockFloats.copy(block, pixels, width, used, y, first, pitch);
    } else {
      BlockFloats.divide(block, pixels * width, epilogue.outScale());
      BlockBytes.convert(epilogue, block, pixels, width, used, y, first, pitch, scratch);
    }
  }
}
