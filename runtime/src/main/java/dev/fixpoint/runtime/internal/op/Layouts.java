package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;

/** The layout that element-wise operators take over from their inputs. */
final class Layouts {
  private Layouts() {}

  /** Channels-last where an input of the output's rank exists so and the output has channels. */
  static Layout inherited(KernelCall call) {
    int rank = call.outputType().shape().rank();
    if (rank < 3) {
      return Layout.ROW_MAJOR;
    }
    for (int i = 0; i < call.inputLayouts().size(); i++) {
      boolean sameRank = call.has(i) && call.shape(i).rank() == rank;
      if (sameRank && call.inputLayouts().get(i) == Layout.CHANNELS_LAST) {
        return Layout.CHANNELS_LAST;
      }
    }
    return Layout.ROW_MAJOR;
  }
}
