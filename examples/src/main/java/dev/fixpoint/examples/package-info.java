/**
 * Programs that show how the library is used, and the digits that they run on.
 *
 * <p>Knows compiler and runtime. Every program runs in the build.
 *
 * <p>Start with {@link dev.fixpoint.examples.QuantizeModel}.
 */
@NullMarked
package dev.fixpoint.examples;

import org.jspecify.annotations.NullMarked;
