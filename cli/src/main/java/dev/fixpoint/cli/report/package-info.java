/**
 * The report of a quantization as a page and as JSON.
 *
 * <p>Knows the compiler's figures and ledger; writes text, no files.
 */
@NullMarked
package dev.fixpoint.cli.report;

import org.jspecify.annotations.NullMarked;
