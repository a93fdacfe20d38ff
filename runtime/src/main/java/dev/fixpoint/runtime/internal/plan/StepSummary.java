package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * What a plan tells of a step.
 *
 * @param name name of the node
 * @param operator name of the operator
 * @param kernel which kernel runs it
 * @param layout layout of its operands
 * @param outputTypes types of its outputs
 * @param offsets where each output lies in its arena, in elements; -1 where it is held whole
 * @param multiplyAccumulates work in multiply-accumulates
 * @param isInteger whether they run on integers
 */
public record StepSummary(
    String name,
    String operator,
    String kernel,
    Layout layout,
    List<TensorType> outputTypes,
    List<Long> offsets,
    long multiplyAccumulates,
    boolean isInteger) {}
