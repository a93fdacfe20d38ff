package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Condition.Kind;
import dev.fixpoint.rewrite.Hook;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.internal.RuleDraw.Site;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Violates one guard of a rule: the rule must not fire then. And applies the rule without the guard
 * to the same graphs: something has to go wrong, else the guard guards nothing.
 */
public final class GuardExam {
  private static final int VIOLATIONS_PER_SITE = 24;
  private static final int DRAWS_WITHOUT_HOOK = 10_000;
  private static final int DRAWS_PER_MISS = 16;
  private static final int MISSES_UNTIL_NEED = 20;

  private final RewriteRule rule;
  private final Guard guard;
  private final int wanted;
  private final SplittableRandom random;
  private final RuleDraw draws;
  private final RuleDraw relaxed;

  private int misses;
  private int tried;
  private int trials;
  private String need = "";
  private @Nullable Site wrong;

  private GuardExam(RewriteRule rule, Guard guard, int wanted, SplittableRandom random) {
    this.rule = rule;
    this.guard = guard;
    this.wanted = wanted;
    this.random = random;
    this.draws = new RuleDraw(rule);
    this.relaxed = new RuleDraw(guard.without());
  }

  /**
   * What came of violating a guard.
   *
   * @param text the condition
   * @param kind what it guards
   * @param misses graphs on which this condition fails, and the rule therefore does not fire
   * @param need what went wrong without the condition; empty where nothing did
   * @param isRedundant whether nothing went wrong without the condition, where something could
   * @param wrong a graph on which the rule fires although the condition was violated, or null
   */
  public record Result(
      String text, Kind kind, int misses, String need, boolean isRedundant, @Nullable Site wrong) {}

  /** Violates a guard until it has failed on so many graphs and is known to be needed. */
  public static Result of(RewriteRule rule, Guard guard, int wanted, SplittableRandom random) {
    GuardExam exam = new GuardExam(rule, guard, wanted, random);
    exam.run();
    Condition condition = guard.condition();
    return new Result(
        condition.text(), condition.kind(), exam.misses, exam.need, exam.isRedundant(), exam.wrong);
  }

  /** A part of a pattern may say again what a condition says; a condition may not. */
  private boolean isRedundant() {
    return misses > 0
        && need.isEmpty()
        && guard.condition().kind() != Kind.PORTABILITY
        && (guard.isCondition() || (guard.condition().kind() == Kind.PROFIT && trials > 0));
  }

  private boolean isDone() {
    boolean known = !need.isEmpty() || guard.condition().kind() == Kind.PORTABILITY;
    return wrong != null || (misses >= wanted && known) || misses >= MISSES_UNTIL_NEED * wanted;
  }

  private void run() {
    int limit = DRAWS_PER_MISS * wanted;
    for (tried = 0; tried < limit * (misses > 0 ? 8 : 1) && !isDone(); tried++) {
      if (guard.condition().violate() == null || tried % 4 == 3) {
        byChance();
      } else {
        byHook(guard.condition().violate());
      }
    }
    for (; misses == 0 && tried < DRAWS_WITHOUT_HOOK && !isDone(); tried++) {
      byChance();
    }
  }

  /** A graph that fits, on which the condition happens to fail. */
  private void byChance() {
    relaxed
        .fitting(random, SizeClass.SMALL)
        .filter(site -> RuleDraw.fails(guard.condition(), site.match()))
        .flatMap(site -> relaxed.satisfied(site, guard.without().conditions(), random))
        .filter(site -> RuleDraw.fails(guard.condition(), site.match()))
        .ifPresent(this::miss);
  }

  /** A graph on which the rule fires, changed by the hook until the condition fails. */
  private void byHook(Hook violate) {
    Optional<Site> firing = draws.firing(random, SizeClass.SMALL);
    if (firing.isEmpty()) {
      return;
    }
    Optional<Site> start = RuleDraw.at(guard.without(), firing.get().draft(), firing.get().root());
    if (start.isEmpty()) {
      return;
    }
    for (int i = 0; i < VIOLATIONS_PER_SITE; i++) {
      Optional<Site> site =
          relaxed
              .changed(start.get(), violate, random)
              .filter(s -> RuleDraw.fails(guard.condition(), s.match()));
      if (site.isPresent()) {
        miss(
            relaxed
                .satisfied(site.get(), guard.without().conditions(), random)
                .filter(s -> RuleDraw.fails(guard.condition(), s.match()))
                .orElse(site.get()));
        return;
      }
    }
  }

  private void miss(Site site) {
    Optional<Site> whole = RuleDraw.at(rule, site.draft(), site.root());
    boolean fires =
        whole.isPresent() && RuleDraw.firstFailing(rule.conditions(), whole.get().match()) == null;
    boolean sameWay = whole.isPresent() && sameCaptures(whole.get(), site) && sameReading(whole);
    if (fires && !sameWay) {
      return;
    }
    if (fires) {
      wrong = site;
      return;
    }
    misses++;
    if (need.isEmpty()) {
      need = without(site);
    }
  }

  /** Whether the condition fails also where the rule fits, which may have swapped operands. */
  private boolean sameReading(Optional<Site> whole) {
    return !guard.isCondition()
        || whole.filter(s -> RuleDraw.fails(guard.condition(), s.match())).isPresent();
  }

  private static boolean sameCaptures(Site a, Site b) {
    return a.match().nodes().equals(b.match().nodes());
  }

  /** What goes wrong where the rule does not ask for the guard; empty where nothing does. */
  private String without(Site site) {
    for (Condition other : guard.without().conditions()) {
      if (RuleDraw.asked(other, site.match()) == RuleDraw.Answer.NONE) {
        return "'" + other + "' cannot be told";
      }
      if (RuleDraw.fails(other, site.match())) {
        return "";
      }
    }
    trials++;
    return switch (Trial.of(guard.without(), site, random)) {
      case Trial.Broken broken -> broken.problem();
      case Trial.Refused refused -> refused.reason();
      case Trial.Kept kept -> growth(site.graph(), kept.after());
      case Trial.Unusable _ -> "";
    };
  }

  private static String growth(Graph before, Graph after) {
    Cost was = Cost.of(before);
    Cost now = Cost.of(after);
    return was.isExceededBy(now) ? was + " becomes " + now : "";
  }
}
