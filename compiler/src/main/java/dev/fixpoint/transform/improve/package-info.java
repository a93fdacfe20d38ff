/**
 * Quantization better than plain: passes that move ranges between layers, choose scales and the
 * rounding of weights by the outputs of their layer, and correct biases, each kept only where
 * calibration data shows that it does no harm.
 *
 * <p>Knows operators, the rewriter, calibration and the passes of quantization; not the runtime.
 *
 * <p>Start with {@link dev.fixpoint.transform.improve.Improvement}. Evolving.
 */
@NullMarked
package dev.fixpoint.transform.improve;

import org.jspecify.annotations.NullMarked;
