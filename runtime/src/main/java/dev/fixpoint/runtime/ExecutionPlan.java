package dev.fixpoint.runtime;

import dev.fixpoint.runtime.internal.plan.Plan;
import dev.fixpoint.runtime.internal.plan.StepSummary;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * How a graph runs for given input shapes: the steps in order, the memory they need, and how much
 * of the work is done on integers.
 *
 * @param steps the steps, in order
 * @param arenaBytes bytes of activations that one run needs at its peak
 * @param packedBytes bytes of packed constants, shared by all plans of a session
 */
public record ExecutionPlan(List<Step> steps, long arenaBytes, long packedBytes) {
  /**
   * A step.
   *
   * @param name name of the node
   * @param operator name of the operator; {@code Layout} where the planner changes a layout
   * @param kernel which kernel runs it; {@code ReferenceKernel} where there is no fast one
   * @param layout layout of its operands
   * @param outputTypes types of its outputs
   * @param offsets where each output lies in its arena, in elements; -1 where it is held whole
   * @param multiplyAccumulates work in multiply-accumulates
   * @param isInteger whether they run on integers
   */
  public record Step(
      String name,
      String operator,
      String kernel,
      Layout layout,
      List<TensorType> outputTypes,
      List<Long> offsets,
      long multiplyAccumulates,
      boolean isInteger) {}

  /** Keeps an immutable copy. */
  public ExecutionPlan {
    steps = List.copyOf(steps);
  }

  static ExecutionPlan of(Plan plan) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < plan.stepCount(); i++) {
      StepSummary step = plan.summary(i);
      steps.add(
          new Step(
              step.name(),
              step.operator(),
              step.kernel(),
              step.layout(),
              step.outputTypes(),
              step.offsets(),
              step.multiplyAccumulates(),
              step.isInteger()));
    }
    return new ExecutionPlan(steps, plan.arenaBytes(), plan.packedBytes());
  }

  /** Multiply-accumulates of all steps. */
  public long multiplyAccumulates() {
    return steps.stream().mapToLong(Step::multiplyAccumulates).sum();
  }

  /** The share of multiply-accumulates that run on integers; 0 where there are none at all. */
  public double integerMacShare() {
    long integer =
        steps.stream().filter(Step::isInteger).mapToLong(Step::multiplyAccumulates).sum();
    long all = multiplyAccumulates();
    return all == 0 ? 0 : (double) integer / all;
  }
}
