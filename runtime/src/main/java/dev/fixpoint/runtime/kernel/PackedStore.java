package dev.fixpoint.runtime.kernel;

import java.util.IdentityHashMap;
import java.util.function.Supplier;

/** The packed constants of a session by node, shared by all its plans. */
public final class PackedStore {
  private final IdentityHashMap<Object, Object> packed = new IdentityHashMap<>();

  /** What was packed for a node, or what the supplier packs now. */
  public synchronized <T> T get(Object node, Class<T> type, Supplier<T> pack) {
    Object found = packed.get(node);
    if (!type.isInstance(found)) {
      found = pack.get();
      packed.put(node, found);
    }
    return type.cast(found);
  }
}
