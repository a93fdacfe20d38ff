package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of the ledger of a compilation: which rewrite fired where, and what it promised there.
 *
 * @param rewrite name of the rule or pass
 * @param contract name of its contract
 * @param before nodes that the rewrite looked at, the root first
 * @param constantsBefore constants that those nodes read
 * @param replacement what took their place
 * @param bounds for each value made differently now: how far it can be from what it was
 */
public record RewriteRecord(
    String rewrite,
    String contract,
    List<Node> before,
    Map<Value, Tensor> constantsBefore,
    Replacement replacement,
    Map<Value, ErrorBound> bounds) {
  /** Keeps immutable copies. */
  public RewriteRecord {
    before = List.copyOf(before);
    constantsBefore = Collections.unmodifiableMap(new LinkedHashMap<>(constantsBefore));
    bounds = Collections.unmodifiableMap(new LinkedHashMap<>(bounds));
  }

  /** The bound that holds for all values made differently now. */
  public ErrorBound bound() {
    return bounds.values().stream()
        .map(ErrorBound::uniform)
        .reduce(ErrorBound::join)
        .orElse(ErrorBound.EXACT);
  }
}
