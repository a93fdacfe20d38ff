/**
 * Runs graphs: a session plans a graph for the shapes of its inputs and executes the plan with fast
 * kernels.
 *
 * <p>Knows tensor, bound, op and ir of the compiler, nothing of passes, rules and files.
 *
 * <p>Start with {@link dev.fixpoint.runtime.InferenceSession}. Evolving.
 */
@NullMarked
package dev.fixpoint.runtime;

import org.jspecify.annotations.NullMarked;
