/**
 * Tensors, their types, and the one place with quantization arithmetic.
 *
 * <p>Knows the JDK only. Everything above counts on these values being immutable.
 *
 * <p>Start with {@link dev.fixpoint.tensor.Tensor}, then {@link dev.fixpoint.tensor.QuantParams}.
 * Stable.
 */
@NullMarked
package dev.fixpoint.tensor;

import org.jspecify.annotations.NullMarked;
