/**
 * Rewrites that join several nodes into one that makes a single pass over memory.
 *
 * <p>Knows concrete operators and rewriting.
 *
 * <p>Start with {@link dev.fixpoint.transform.fuse.FuseConvActivation}. Evolving.
 */
@NullMarked
package dev.fixpoint.transform.fuse;

import org.jspecify.annotations.NullMarked;
