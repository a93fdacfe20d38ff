/**
 * The compiler in three types: {@link dev.fixpoint.Compiler}, its options, and what it gives back.
 *
 * <p>Knows every package of this module, not the runtime; an evaluator for calibration comes in
 * through the options.
 *
 * <p>Start with {@link dev.fixpoint.Compiler}. Evolving.
 */
@NullMarked
package dev.fixpoint;

import org.jspecify.annotations.NullMarked;
