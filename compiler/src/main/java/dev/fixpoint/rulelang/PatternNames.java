package dev.fixpoint.rulelang;

import dev.fixpoint.rewrite.Capture;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of a printed pattern: those of the captures where the language takes them, none twice. */
final class PatternNames {
  private static final Set<String> RESERVED =
      Set.of(
          "match",
          "where",
          "let",
          "replace",
          "with",
          "within",
          "and",
          "or",
          "not",
          "inf",
          "infinity",
          "nan",
          Names.ANYTHING);

  private final Map<Capture<?>, String> byCapture = new IdentityHashMap<>();
  private final Set<String> taken = new HashSet<>(RESERVED);

  /**
   * The name of a capture, always the same; a new one without a capture.
   *
   * @param wish what something without a capture is named after
   */
  String of(@Nullable Capture<?> capture, String wish) {
    if (capture == null) {
      return unique(wish.toLowerCase(Locale.ROOT));
    }
    return byCapture.computeIfAbsent(capture, key -> unique(key.name()));
  }

  private String unique(String wish) {
    String word = wish.replaceAll("[^A-Za-z0-9_]", "_");
    if (word.isEmpty() || Character.isDigit(word.charAt(0))) {
      word = "v" + word;
    }
    if (!RESERVED.contains(word.toLowerCase(Locale.ROOT)) && taken.add(word)) {
      return word;
    }
    int number = 2;
    while (!taken.add(word + number)) {
      number++;
    }
    return word + number;
  }
}
