package dev.fixpoint.runtime.kernel;

import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The packed constants of a session by node, shared by all its plans. */
public final class PackedStore {
  private final IdentityHashMap<Object, Object> packed = new IdentityHashMap<>();
  private final @Nullable Object primitives;

  /** A store outside of a session. */
  public PackedStore() {
    this(null);
  }

  /**
   * A store of a session.
   *
   * @param primitives what the kernels that come with the runtime compute with
   */
  public PackedStore(@Nullable Object primitives) {
    this.primitives = primitives;
  }

  /** What the kernels that come with the runtime compute with; null outside of a session. */
  public @Nullable Object primitives() {
    return primitives;
  }

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
