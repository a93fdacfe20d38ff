/**
 * The rules and passes of this project, as catalogues and standard pipelines.
 *
 * <p>Knows everything above it, concrete operators included; not files and not the runtime.
 *
 * <p>Start with {@link dev.fixpoint.transform.StandardPipelines}, then {@link
 * dev.fixpoint.transform.StandardRules}. Evolving.
 */
@NullMarked
package dev.fixpoint.transform;

import org.jspecify.annotations.NullMarked;
