package dev.fixpoint.rewrite;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A side condition of a rule, as a value: its text, what it guards, a test that gives a reason
 * where it fails, and two hooks by which generated tests make it hold and fail.
 *
 * <p>{@link Conditions} has the usual ones, with hooks. A condition without hooks is tried on
 * random graphs until it holds and until it fails.
 *
 * @param text the condition in words or as the rule language writes it, such as {@code constant(w)}
 * @param kind what it guards
 * @param test empty where the condition holds, else the reason why not
 * @param satisfy makes the condition hold, if there is a way
 * @param violate makes the condition fail, and leaves the pattern matching, if there is a way
 */
public record Condition(
    String text,
    Kind kind,
    Function<Match, Optional<String>> test,
    @Nullable Hook satisfy,
    @Nullable Hook violate) {
  /** What a condition guards. */
  public enum Kind {
    /** Without it the rewrite could break its contract. */
    SOUNDNESS,
    /** Without it the rewrite could make the graph larger or slower. */
    PROFIT,
    /** Without it the result could be a graph that other tools refuse. */
    PORTABILITY
  }

  /** A condition without hooks. */
  public Condition(String text, Kind kind, Function<Match, Optional<String>> test) {
    this(text, kind, test, null, null);
  }

  /** A condition whose failure is explained by its text alone. */
  public static Condition soundness(String text, Predicate<Match> holds) {
    return of(text, Kind.SOUNDNESS, holds);
  }

  /** A condition for profit whose failure is explained by its text alone. */
  public static Condition profit(String text, Predicate<Match> holds) {
    return of(text, Kind.PROFIT, holds);
  }

  private static Condition of(String text, Kind kind, Predicate<Match> holds) {
    return new Condition(
        text, kind, match -> holds.test(match) ? Optional.empty() : Optional.of("not so: " + text));
  }

  /** This condition with hooks. */
  public Condition withHooks(@Nullable Hook newSatisfy, @Nullable Hook newViolate) {
    return new Condition(text, kind, test, newSatisfy, newViolate);
  }

  /** This condition as a guard of something else. */
  public Condition guarding(Kind newKind) {
    return new Condition(text, newKind, test, satisfy, violate);
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
