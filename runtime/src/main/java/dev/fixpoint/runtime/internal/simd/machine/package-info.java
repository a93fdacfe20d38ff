/**
 * Machine code for what the Vector API has no operation for: multiply-adds of 8- and 16-bit
 * integers, written into memory by this package and called through the foreign-function API.
 *
 * <p>Knows registers, instructions and the CPU; nothing of panels, weights or convolutions. Start
 * at {@link dev.fixpoint.runtime.internal.simd.machine.MachineCode}.
 */
@NullMarked
package dev.fixpoint.runtime.internal.simd.machine;

import org.jspecify.annotations.NullMarked;
