package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import java.util.Set;

/**
 * An operator on strings: a jump of its output where an input changes, and no range but the type's.
 */
interface TextFunction extends Selection {
  /** The element type of text. */
  Set<ElementType> TEXT = Set.of(ElementType.STRING);

  @Override
  default Interval image(OpCall call, int output) {
    return Interval.ALL;
  }
}
