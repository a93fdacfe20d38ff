package dev.fixpoint.ir;

import dev.fixpoint.op.Body;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * A graph as the subgraph attribute of a node. An evaluator replaces it by a body with captured
 * values bound before the operator evaluates it.
 *
 * @param graph the subgraph
 */
public record GraphBody(Graph graph) implements Body {
  /** Values of enclosing graphs that the subgraph reads. */
  public List<Value> captures() {
    return graph.captures();
  }

  @Override
  public List<TensorType> inputTypes() {
    return graph.inputs().stream().map(graph::type).toList();
  }

  @Override
  public List<TensorType> outputTypes() {
    return graph.outputs().stream().map(graph::type).toList();
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> inputs) {
    throw new IllegalStateException(
        "the values that subgraph '" + graph.name() + "' reads from outside are not bound");
  }
}
