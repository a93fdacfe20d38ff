/**
 * Tests of rewrites without a test framework: graphs with open sizes and constants, cases in files,
 * and the checks that a rule has to stand. Failures are {@link java.lang.AssertionError}s.
 *
 * <p>Knows all of the compiler, and no test library.
 *
 * <p>Start with {@link dev.fixpoint.testing.RuleTester}. Evolving.
 */
@NullMarked
package dev.fixpoint.testing;

import org.jspecify.annotations.NullMarked;
