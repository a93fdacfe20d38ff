package dev.fixpoint.runtime.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Storages that live together never overlap, and those that do not share memory. */
class ArenaTest {
  @Property
  void storagesThatLiveTogetherDoNotOverlap(@ForAll long seed) {
    Random random = new Random(seed);
    List<Storage> storages = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(40); i++) {
      Storage storage = new Storage(true, random.nextInt(500), random.nextInt(30));
      storage.readBy(storage.firstStep() + random.nextInt(8));
      storages.add(storage);
    }
    int needed = Arena.place(storages);
    for (Storage a : storages) {
      assertThat(a.offset()).isBetween(0, needed - a.size());
      for (Storage b : storages) {
        boolean apart = a.end() <= b.offset() || b.end() <= a.offset();
        assertThat(a == b || apart || !a.livesWith(b)).isTrue();
      }
    }
  }

  @Test
  void aChainOfStepsNeedsTwoStoragesOnly() {
    List<Storage> storages = new ArrayList<>();
    for (int step = 0; step < 10; step++) {
      Storage storage = new Storage(false, 1600, step);
      storage.readBy(step + 1);
      storages.add(storage);
    }
    assertThat(Arena.place(storages)).isEqualTo(3200);
  }
}
