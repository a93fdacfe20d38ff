package dev.fixpoint.runtime.internal.simd.machine;

import org.jspecify.annotations.Nullable;

/**
 * A memory operand: {@code base + index * scale + displacement}.
 *
 * @param index any register but the stack pointer, or null
 * @param scale 1, 2, 4 or 8
 * @param displacement bytes
 */
record Memory(Register base, @Nullable Register index, int scale, int displacement) {
  static Memory at(Register base, int displacement) {
    return new Memory(base, null, 1, displacement);
  }

  static Memory at(Register base, Register index, int scale) {
    return new Memory(base, index, scale, 0);
  }
}
