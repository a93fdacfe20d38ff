package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Makes up calls of one kind of operator: attributes, and types of the inputs that are open. */
interface Sampler {
  /**
   * Chooses attributes, and types or constants for the open inputs, so that they fit the given ones
   * often enough. What does not fit is drawn again.
   */
  void fill(Slots slots);

  /** How many inputs at the end of a call with any number of them belong together. */
  default int group() {
    return 1;
  }

  /**
   * The shape that an input should have if a node is to be made for it, or null where any will do.
   */
  default @Nullable Shape wish(Slots slots, int input) {
    return null;
  }
}
