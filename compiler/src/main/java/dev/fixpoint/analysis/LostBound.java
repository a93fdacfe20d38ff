package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says where a bound was lost: which node has none, and for what inputs. */
final class LostBound {
  private LostBound() {}

  /**
   * A bound of a node's result; one that does not exist with its reason, which is that of an input
   * that has none either, or the node and what its inputs may be.
   */
  static ErrorBound explained(
      Node node, List<@Nullable Range> ranges, List<ErrorBound> errors, ErrorBound bound) {
    if (!(bound instanceof ErrorBound.Unbounded unbounded)) {
      return bound;
    }
    for (ErrorBound error : errors) {
      if (!error.isBounded()) {
        return error;
      }
    }
    double largest =
        ranges.stream().filter(Objects::nonNull).mapToDouble(Range::magnitude).max().orElse(0);
    return ErrorBound.unbounded(
        String.format(
            Locale.ROOT,
            "%s, whose inputs may be as large as %.3g: %s",
            node.describe(),
            largest,
            unbounded.reason()));
  }
}
