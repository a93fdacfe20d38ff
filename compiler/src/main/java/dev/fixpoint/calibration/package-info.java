/**
 * Calibration: what values a network takes on sample data, and the quantization parameters that
 * follow.
 *
 * <p>Knows graphs and evaluators, and no runtime: an {@link dev.fixpoint.ir.Evaluator} runs the
 * batches.
 *
 * <p>Start with {@link dev.fixpoint.calibration.Observer}, then {@link
 * dev.fixpoint.calibration.Calibrator}. Evolving.
 */
@NullMarked
package dev.fixpoint.calibration;

import org.jspecify.annotations.NullMarked;
