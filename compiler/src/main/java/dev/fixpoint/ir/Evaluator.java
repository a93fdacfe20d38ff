package dev.fixpoint.ir;

import dev.fixpoint.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * Something that evaluates graphs: the reference interpreter, or a runtime. The compiler folds
 * constants, calibrates and checks rewrites through it without knowing which.
 */
public interface Evaluator {
  /**
   * Makes a graph ready for many evaluations.
   *
   * @param taps values to be handed over when they are computed; they are kept as they are
   */
  Evaluation prepare(Graph graph, Set<Value> taps);

  /** Makes a graph ready for many evaluations without taps. */
  default Evaluation prepare(Graph graph) {
    return prepare(graph, Set.of());
  }

  /** A graph made ready. */
  interface Evaluation {
    /**
     * Evaluates the graph.
     *
     * @param inputs tensor by input name
     * @param tap receives each tapped value once; the tensor may be freed when it returns
     * @return tensor by output name, in the order of the graph
     */
    Map<String, Tensor> evaluate(Map<String, Tensor> inputs, Tap tap);

    /** Evaluates the graph without listening to taps. */
    default Map<String, Tensor> evaluate(Map<String, Tensor> inputs) {
      return evaluate(inputs, (_, _) -> {});
    }
  }

  /** Receives tapped values. */
  @FunctionalInterface
  interface Tap {
    /** Receives the tensor of a tapped value. */
    void accept(Value value, Tensor tensor);
  }
}
