/**
 * From float to integers: where quantizers stand, with which parameters, and the integer operators
 * that take the place of what they surround.
 *
 * <p>Knows concrete operators, rewriting, passes and calibration.
 *
 * <p>Start with {@link dev.fixpoint.transform.quantize.InsertQuantStubs}, then {@link
 * dev.fixpoint.transform.quantize.PlaceFakeQuant} and {@link
 * dev.fixpoint.transform.quantize.LowerToQuantized}. Evolving.
 */
@NullMarked
package dev.fixpoint.transform.quantize;

import org.jspecify.annotations.NullMarked;
