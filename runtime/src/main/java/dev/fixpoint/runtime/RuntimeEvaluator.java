package dev.fixpoint.runtime;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** Evaluates graphs with the fast kernels, so that calibration and folding run at their speed. */
public final class RuntimeEvaluator implements Evaluator {
  private final ExecutionOptions options;

  /** An evaluator with default options. */
  public RuntimeEvaluator() {
    this(ExecutionOptions.DEFAULT);
  }

  /** An evaluator. */
  public RuntimeEvaluator(ExecutionOptions options) {
    this.options = options;
  }

  @Override
  public Evaluation prepare(Graph graph, Set<Value> taps) {
    InferenceSession session = InferenceSession.of(graph, taps, options);
    return new Evaluation() {
      @Override
      public Map<String, Tensor> evaluate(Map<String, Tensor> inputs, Tap tap) {
        return session.run(inputs, tap);
      }
    };
  }
}
