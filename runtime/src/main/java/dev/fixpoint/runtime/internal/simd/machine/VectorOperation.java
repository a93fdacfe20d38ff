package dev.fixpoint.runtime.internal.simd.machine;

/**
 * The vector instructions in use, with the three numbers that name each in the VEX and EVEX forms
 * (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2): opcode map, mandatory
 * prefix, opcode. All have W = 0 in both forms.
 */
enum VectorOperation {
  /** Load of a vector of any content. */
  VMOVUPS_LOAD(1, 0, 0x10),

  /** Store of a vector of any content. */
  VMOVUPS_STORE(1, 0, 0x11),

  /** 32 bits of memory to all lanes. */
  VPBROADCASTD(2, 1, 0x58),

  /** 8-bit signed integers of half as many bytes of memory to 16-bit lanes. */
  VPMOVSXBW(2, 1, 0x20),

  /** Products of 16-bit signed integers, neighbours summed in 32-bit lanes. */
  VPMADDWD(1, 1, 0xF5),

  /** Sums of 32-bit lanes. */
  VPADDD(1, 1, 0xFE),

  /** Adds four products of an unsigned and a signed byte to each 32-bit lane, not saturating. */
  VPDPBUSD(2, 1, 0x50),

  /** Adds the product of two float32 vectors, rounded once. */
  VFMADD231PS(2, 1, 0xB8),

  /** 32-bit integers to float32, rounded to nearest even. */
  VCVTDQ2PS(1, 0, 0x5B);

  private final int map;
  private final int prefix;
  private final int opcode;

  VectorOperation(int map, int prefix, int opcode) {
    this.map = map;
    this.prefix = prefix;
    this.opcode = opcode;
  }

  /** Opcode map: 1 is 0F, 2 is 0F 38. */
  int map() {
    return map;
  }

  /** Mandatory prefix: 0 is none, 1 is 66. */
  int prefix() {
    return prefix;
  }

  int opcode() {
    return opcode;
  }
}
