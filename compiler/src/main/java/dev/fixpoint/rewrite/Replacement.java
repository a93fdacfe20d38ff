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
 * What takes the place of some nodes, as inert data: new nodes, which may define the same values;
 * new constants; and values that others stand for from now on.
 *
 * @param nodes new nodes, in any order
 * @param constants new constants
 * @param constantErrors distance of a stored constant from the one meant, where it was computed
 * @param substitutions value to read instead, by the value that is no longer made
 */
public record Replacement(
    List<Node> nodes,
    Map<Value, Tensor> constants,
    Map<Value, ErrorBound> constantErrors,
    Map<Value, Value> substitutions) {
  /** Keeps immutable copies. */
  public Replacement {
    nodes = List.copyOf(nodes);
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    constantErrors = Collections.unmodifiableMap(new LinkedHashMap<>(constantErrors));
    substitutions = Collections.unmodifiableMap(new LinkedHashMap<>(substitutions));
  }
}
