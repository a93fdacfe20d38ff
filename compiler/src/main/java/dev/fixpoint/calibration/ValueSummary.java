package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;

/**
 * What calibration keeps of a value.
 *
 * @param range the range that the method chose
 * @param bulk root mean square of its numbers other than zero, the largest hundredth left out; 0
 *     where all were zero
 */
public record ValueSummary(Interval range, double bulk) {}
