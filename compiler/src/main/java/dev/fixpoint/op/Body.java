package dev.fixpoint.op;

import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * A subgraph attribute as an operator sees it: types and evaluation, no nodes. Values captured from
 * outside are bound before an operator gets to evaluate it.
 */
public interface Body {
  /** Types of the formal inputs, as far as known. */
  List<TensorType> inputTypes();

  /** Types of the outputs, as far as known. */
  List<TensorType> outputTypes();

  /**
   * The outputs for the given inputs, in reference semantics.
   *
   * @throws IllegalStateException if captured values are not bound, as outside an evaluation
   */
  List<Tensor> evaluate(List<Tensor> inputs);
}
