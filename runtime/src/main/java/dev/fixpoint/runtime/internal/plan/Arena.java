package dev.fixpoint.runtime.internal.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gives offsets to storages so that those that live at the same time do not overlap. */
final class Arena {
  private Arena() {}

  /**
   * Places each storage at the lowest offset that is free during its life, the largest first.
   *
   * @return elements that the arena needs
   */
  static int place(List<Storage> storages) {
    List<Storage> order = new ArrayList<>(storages);
    order.sort(
        Comparator.comparingInt(Storage::size).reversed().thenComparingInt(Storage::firstStep));
    List<Storage> placed = new ArrayList<>();
    int needed = 0;
    for (Storage storage : order) {
      storage.placeAt(lowestFree(storage, placed));
      needed = Math.max(needed, Math.addExact(storage.offset(), storage.size()));
      placed.add(storage);
      placed.sort(Comparator.comparingInt(Storage::offset));
    }
    return needed;
  }

  private static int lowestFree(Storage storage, List<Storage> placed) {
    int candidate = 0;
    for (Storage other : placed) {
      if (!storage.livesWith(other)) {
        continue;
      }
      if (Math.addExact(candidate, storage.size()) <= other.offset()) {
        return candidate;
      }
      candidate = Math.max(candidate, other.end());
    }
    return candidate;
  }
}
