package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What is derived from geometries, made once for each of the few that weights are used with, so
 * that a repeated run allocates nothing.
 */
final class PerGeometry<T> {
  private static final int KEPT = 16;

  /** A geometry and what was made of it. */
  private record Entry<T>(ConvGeometry geometry, T made) {}

  private final Function<ConvGeometry, T> maker;
  private volatile Entry<T>[] entries = none();

  PerGeometry(Function<ConvGeometry, T> maker) {
    this.maker = maker;
  }

  @SuppressWarnings("unchecked")
  private static <T> Entry<T>[] none() {
    return (Entry<T>[]) new Entry<?>[0];
  }

  /** What belongs to a geometry, which is known by its identity. */
  @SuppressWarnings("ReferenceEquality")
  T get(ConvGeometry geometry) {
    Entry<T>[] known = entries;
    for (int i = 0; i < known.length; i++) {
      if (known[i].geometry() == geometry) {
        return known[i].made();
      }
    }
    return add(geometry);
  }

  private synchronized T add(ConvGeometry geometry) {
    T made = maker.apply(geometry);
    int kept = Math.min(entries.length, KEPT - 1);
    Entry<T>[] grown = Arrays.copyOf(entries, kept + 1);
    System.arraycopy(entries, entries.length - kept, grown, 0, kept);
    grown[kept] = new Entry<>(geometry, made);
    entries = grown;
    return made;
  }
}
