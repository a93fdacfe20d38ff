package dev.fixpoint.rulelang;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The names that come nearest to one that does not exist. */
final class Suggestions {
  private static final int MOST = 3;

  private Suggestions() {}

  /** {@code 'a', 'b' or 'c'}: all names if they are few, else the nearest ones. */
  static String nearest(String wrong, Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    int nearest = names.stream().mapToInt(name -> distance(wrong, name)).min().orElse(0);
    int far = Math.max(nearest, shortened(wrong).length());
    List<String> best =
        names.stream()
            .distinct()
            .filter(name -> distance(wrong, name) <= far)
            .sorted(
                Comparator.<String>comparingInt(name -> distance(wrong, name))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(MOST)
            .map(name -> "'" + name + "'")
            .collect(Collectors.toList());
    String last = best.removeLast();
    return best.isEmpty() ? last : String.join(", ", best) + " or " + last;
  }

  /** Edit distance without regard to case, where a common beginning counts for half. */
  private static int distance(String wrong, String name) {
    if (simple(wrong).equals(simple(name))) {
      return Integer.MIN_VALUE; // the same operator of another domain
    }
    String a = shortened(wrong);
    String b = shortened(name);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = 2 * j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = 2 * i;
      for (int j = 1; j <= b.length(); j++) {
        int swap = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 2);
        current[j] = Math.min(swap, 2 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    int common = 0;
    while (common < Math.min(a.length(), b.length()) && a.charAt(common) == b.charAt(common)) {
      common++;
    }
    return previous[b.length()] - common;
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), 64)).toLowerCase(Locale.ROOT);
  }
}
