package dev.fixpoint.ir;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Hands out names that are not taken: the wish itself, or the wish with a number behind it. */
public final class NameAuthority {
  private final Set<String> taken;
  private final Map<String, Integer> next = new HashMap<>();

  /** Starts with some names taken. */
  public NameAuthority(Collection<String> taken) {
    this.taken = new HashSet<>(taken);
  }

  /**
   * The wish, or where it is taken the first free of {@code wish_1, wish_2, …}; taken from now on.
   */
  public String unique(String wish) {
    String base = wish.isEmpty() ? "value" : wish;
    if (taken.add(base)) {
      return base;
    }
    int number = next.getOrDefault(base, 1);
    while (!taken.add(base + "_" + number)) {
      number++;
    }
    next.put(base, number + 1);
    return base + "_" + number;
  }
}
