package dev.fixpoint.rewrite;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A side condition of a rule, as a value: its text, what it guards, and a test that gives a reason
 * where it fails.
 *
 * @param text the condition in words, such as {@code w is constant}
 * @param kind what it guards
 * @param test empty where the condition holds, else the reason why not
 */
public record Condition(String text, Kind kind, Function<Match, Optional<String>> test) {
  /** What a condition guards. */
  public enum Kind {
    /** Without it the rewrite could break its contract. */
    SOUNDNESS,
    /** Without it the rewrite could make the graph larger or slower. */
    PROFIT
  }

  /** A condition whose failure is explained by its text alone. */
  public static Condition soundness(String text, Predicate<Match> holds) {
    return new Condition(
        text,
        Kind.SOUNDNESS,
        match -> holds.test(match) ? Optional.empty() : Optional.of("not so: " + text));
  }

  /** A condition for profit whose failure is explained by its text alone. */
  public static Condition profit(String text, Predicate<Match> holds) {
    return new Condition(
        text,
        Kind.PROFIT,
        match -> holds.test(match) ? Optional.empty() : Optional.of("not so: " + text));
  }

  /** The reason why the condition fails, or empty where it holds. */
  public Optional<String> failure(Match match) {
    return test.apply(match);
  }

  @Override
  public String toString() {
    return text;
  }
}
