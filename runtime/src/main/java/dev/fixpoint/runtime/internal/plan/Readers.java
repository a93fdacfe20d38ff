package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who reads the values of a graph.
 *
 * @param taps values that a run hands over, and which must stay
 */
record Readers(Graph graph, Set<Value> taps) {
  /** The node of an operator that alone reads the output of another; null if there is none. */
  @Nullable Node only(Node node, OpId op) {
    List<Use> uses = graph.uses(node.output());
    boolean alone = uses.size() == 1 && !isSeen(node.output());
    return alone && uses.getFirst().node().opId().equals(op) ? uses.getFirst().node() : null;
  }

  /** Whether somebody outside of the graph reads a value. */
  boolean isSeen(Value value) {
    return taps.contains(value) || graph.outputs().contains(value);
  }

  /** Whether an input is absent or a constant of one element that is no more than a vector. */
  boolean isSingle(@Nullable Value value) {
    return value == null || isVector(value, 1);
  }

  /** Whether a value is a constant vector of one element or of so many. */
  boolean isVector(Value value, long count) {
    var tensor = graph.constant(value);
    return tensor != null
        && tensor.shape().rank() <= 1
        && (tensor.elementCount() == 1 || tensor.elementCount() == count);
  }

  /** An input of a node; null where it has none. */
  static @Nullable Value optional(Node node, int input) {
    return input < node.inputs().size() ? node.inputs().get(input) : null;
  }

  /** The other operand of a node of two. */
  static Value other(Node node, Value one) {
    return node.input(0).equals(one) ? node.input(1) : node.input(0);
  }
}
