package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Value;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan: a prepared kernel and the placements of its operands.
 *
 * @param name name of the node, or what the step does
 * @param operator name of the operator
 * @param kernel the prepared kernel
 * @param kernelName which kernel it is
 * @param layout layout of its operands
 * @param inputs placements of inputs, null where absent or taken in
 * @param outputs placements of outputs
 * @param values values that the outputs are, in the same order; empty for steps of the planner's
 *     own
 * @param multiplyAccumulates work in multiply-accumulates
 * @param elements elements read and written
 */
record Step(
    String name,
    String operator,
    PreparedKernel kernel,
    String kernelName,
    Layout layout,
    List<@Nullable Placement> inputs,
    List<Placement> outputs,
    List<Value> values,
    long multiplyAccumulates,
    long elements) {
  private static final long WORTH_A_HAND_OVER = 250_000;

  /** This step with another kernel for the same operands. */
  Step with(PreparedKernel other) {
    return new Step(
        name,
        operator,
        other,
        kernelName,
        layout,
        inputs,
        outputs,
        values,
        multiplyAccumulates,
        elements);
  }

  /** Whether cutting the step pays for the hand-over to another thread. */
  boolean isWorthSplitting() {
    return kernel.units() > 1 && multiplyAccumulates / 8 + elements >= WORTH_A_HAND_OVER;
  }
}
