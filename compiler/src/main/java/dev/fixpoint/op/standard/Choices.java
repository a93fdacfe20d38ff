package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import java.util.List;

/** Inputs that choose elements, such as indices and regions. */
final class Choices {
  private Choices() {}

  /** Exact, or unbounded if one of the inputs from a position on may move. */
  static ErrorBound error(List<ErrorBound> errors, int from) {
    for (int i = from; i < errors.size(); i++) {
      if (!(errors.get(i) instanceof ErrorBound.Exact)) {
        return Movement.inexactChoice(i);
      }
    }
    return ErrorBound.EXACT;
  }
}
