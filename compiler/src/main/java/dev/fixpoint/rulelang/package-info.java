/**
 * The rule language: text becomes the same {@code RewriteRule} that Java code would build, and
 * back. It knows the grammar, the operators and the package rewrite, and no pass. Start reading at
 * {@link dev.fixpoint.rulelang.RuleLoader}.
 */
@NullMarked
package dev.fixpoint.rulelang;

import org.jspecify.annotations.NullMarked;
