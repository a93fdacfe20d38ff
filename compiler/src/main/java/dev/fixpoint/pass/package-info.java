/**
 * Passes, pipelines, and the manager that runs and checks them.
 *
 * <p>Knows rewriting, analyses and graphs; no concrete rule.
 *
 * <p>Start with {@link dev.fixpoint.pass.Pass}, then {@link dev.fixpoint.pass.PassManager}.
 * Evolving.
 */
@NullMarked
package dev.fixpoint.pass;

import org.jspecify.annotations.NullMarked;
