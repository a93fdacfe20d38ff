/**
 * Weights in fewer bits while activations stay in float: formats, ways of rounding, and the layer's
 * output error on calibration data that judges them.
 *
 * <p>Knows operators, the rewriter and calibration; not the runtime.
 *
 * <p>Start with {@link dev.fixpoint.transform.weights.QuantizeWeights}. Evolving.
 */
@NullMarked
package dev.fixpoint.transform.weights;

import org.jspecify.annotations.NullMarked;
