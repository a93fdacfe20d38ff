package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger of a compilation: which rewrite fired where, and what it promised there.
 *
 * @param rewrite name of the rule or pass
 * @param contract name of its contract
 * @param before nodes that the rewrite looked at, the root first
 * @param constantsBefore constants of the graph that those nodes or the new ones read
 * @param replacement what took their place
 * @param bounds for each value made differently now: how far it can be from what it was
 * @param boundary what was known of the other values that the nodes before and after read
 */
public record RewriteRecord(
    String rewrite,
    String contract,
    List<Node> before,
    Map<Value, Tensor> constantsBefore,
    Replacement replacement,
    Map<Value, ErrorBound> bounds,
    Map<Value, Boundary> boundary) {
  /** Keeps immutable copies. */
  public RewriteRecord {
    before = List.copyOf(before);
    constantsBefore = Collections.unmodifiableMap(new LinkedHashMap<>(constantsBefore));
    bounds = Collections.unmodifiableMap(new LinkedHashMap<>(bounds));
    boundary = Collections.unmodifiableMap(new LinkedHashMap<>(boundary));
  }

  /**
   * What was known of a value that a rewrite reads.
   *
   * @param type its type
   * @param range its range as far as the bound counts on it, else everything
   * @param shapeValue what was known of its entries where it describes a shape, or null
   */
  public record Boundary(TensorType type, Range range, @Nullable ShapeValue shapeValue) {}

  /** The bound that holds for all values made differently now. */
  public ErrorBound bound() {
    return bounds.values().stream()
        .map(ErrorBound::uniform)
        .reduce(ErrorBound::join)
        .orElse(ErrorBound.EXACT);
  }
}
