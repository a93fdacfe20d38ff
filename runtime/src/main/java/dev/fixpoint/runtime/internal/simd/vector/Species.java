package dev.fixpoint.runtime.internal.simd.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this process: the machine's preferred width, or {@code
 * -Dfixpoint.vectorBits=128|256|512}. Nothing else touches the Vector API in a static initializer,
 * so that the choice of implementation can be made before it is loaded.
 */
final class Species {
  static final int BITS = bits();
  static final VectorSpecies<Float> FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
  static final VectorSpecies<Integer> INT =
      VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));

  static final VectorSpecies<Short> SHORT =
      VectorSpecies.of(short.class, VectorShape.forBitSize(BITS));

  /** As many shorts as there are floats in a vector. */
  static final VectorSpecies<Short> HALF_SHORT =
      VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));

  /** As many bytes as there are shorts in a vector. */
  static final VectorSpecies<Byte> HALF_BYTE =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(BITS / 2));

  /** Bytes are handled as many at a time as there are floats in a vector, but at least eight. */
  static final VectorSpecies<Byte> BYTE =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));

  /** Bytes where they need not be widened. */
  static final VectorSpecies<Byte> WIDE_BYTE =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(BITS));

  /** Floats in a vector. */
  static final int LANES = FLOAT.length();

  /** Bytes in a vector of bytes. */
  static final int BYTE_LANES = BYTE.length();

  /** Float vectors that a vector of bytes widens to: 1, or 2 at 128 bits. */
  static final int PARTS = BYTE_LANES / LANES;

  private Species() {}

  private static int bits() {
    int wanted = Integer.getInteger("fixpoint.vectorBits", 0);
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    int bits = wanted == 0 ? Math.min(512, preferred) : wanted;
    if (bits != 128 && bits != 256 && bits != 512) {
      throw new IllegalArgumentException(
          "-Dfixpoint.vectorBits must be 128, 256 or 512, not " + wanted);
    }
    return bits;
  }
}
