/**
 * How generated tests are made: graphs drawn from a pattern, inputs, shrinking.
 *
 * <p>Knows all of the compiler, and no test library. Not exported.
 *
 * <p>Start with {@link dev.fixpoint.testing.internal.PatternDraw}. Internal.
 */
@NullMarked
package dev.fixpoint.testing.internal;

import org.jspecify.annotations.NullMarked;
