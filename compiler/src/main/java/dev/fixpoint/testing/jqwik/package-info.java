/**
 * The generated tests of rules as properties of jqwik, which whoever uses this package brings
 * along.
 *
 * <p>Knows the tests of the compiler, and jqwik.
 *
 * <p>Start with {@link dev.fixpoint.testing.jqwik.RuleProperties}. Evolving.
 */
@NullMarked
package dev.fixpoint.testing.jqwik;

import org.jspecify.annotations.NullMarked;
