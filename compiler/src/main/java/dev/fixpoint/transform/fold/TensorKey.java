package dev.fixpoint.transform.fold;

import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as a key by all of its bits; the hash of a tensor itself looks at the first only, which
 * many constants have in common.
 */
final class TensorKey {
  private final Tensor tensor;
  private final int hash;

  private TensorKey(Tensor tensor, int hash) {
    this.tensor = tensor;
    this.hash = hash;
  }

  static TensorKey of(Tensor tensor) {
    MemorySegment data = tensor.data();
    long hash = tensor.hashCode();
    long whole = data.byteSize() / Long.BYTES * Long.BYTES;
    for (long i = 0; i < whole; i += Long.BYTES) {
      hash = 31 * hash + data.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
    }
    for (long i = whole; i < data.byteSize(); i++) {
      hash = 31 * hash + data.get(ValueLayout.JAVA_BYTE, i);
    }
    return new TensorKey(tensor, Long.hashCode(hash));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TensorKey key && hash == key.hash && tensor.equals(key.tensor);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
