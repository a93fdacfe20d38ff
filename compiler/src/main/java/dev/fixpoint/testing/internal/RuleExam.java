package dev.fixpoint.testing.internal;

import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.internal.RuleDraw.Site;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Draws graphs for a rule until so many have been tried, and violates each of its guards. */
public final class RuleExam {
  private static final int DRAWS_PER_GRAPH = 600;

  private final RewriteRule rule;
  private final int graphs;
  private final long seed;
  private final RuleDraw draws;
  private final boolean hasProducts;
  private final Map<SizeClass, Double> ratios = new EnumMap<>(SizeClass.class);
  private int kept;

  private RuleExam(RewriteRule rule, int graphs, long seed) {
    this.rule = rule;
    this.graphs = graphs;
    this.seed = seed;
    this.draws = new RuleDraw(rule);
    this.hasProducts = hasProducts(rule.pattern());
  }

  /**
   * What came of an exam.
   *
   * @param graphs graphs on which the rule fired and kept its promises
   * @param ratios largest observed over declared difference by size class; none where exact
   * @param guards what came of violating each guard
   * @param obstacles why draws failed, and how often
   * @param failure the first broken promise, or null
   */
  public record Result(
      int graphs,
      Map<SizeClass, Double> ratios,
      List<GuardExam.Result> guards,
      Map<String, Integer> obstacles,
      @Nullable Failure failure) {}

  /**
   * A broken promise.
   *
   * @param seed with which the first such graph is drawn at once
   * @param site the smallest graph that was found
   * @param problem what
   */
  public record Failure(long seed, Site site, Trial.Broken problem) {}

  /** Examines a rule; the same seed gives the same result. */
  public static Result of(RewriteRule rule, int graphs, int misses, long seed) {
    RuleExam exam = new RuleExam(rule, graphs, seed);
    Failure first = exam.fire();
    Failure failure = first == null ? null : Shrinker.smallest(rule, first);
    List<GuardExam.Result> guards = new ArrayList<>();
    if (failure == null && misses > 0) {
      SplittableRandom random = new SplittableRandom(seed);
      for (Guard guard : Guard.of(rule)) {
        guards.add(GuardExam.of(rule, guard, misses, random.split()));
      }
    }
    return new Result(exam.kept, exam.ratios, guards, exam.draws.obstacles(), failure);
  }

  private @Nullable Failure fire() {
    for (int i = 0; i < graphs; i++) {
      Failure failure = draw(seed + i);
      if (failure != null) {
        return failure;
      }
      boolean hopeless = kept == 0 && i >= 4;
      if (hopeless) {
        return null;
      }
    }
    return null;
  }

  /** Draws one graph and tries the rule on it; the seed decides everything. */
  private @Nullable Failure draw(long drawSeed) {
    SplittableRandom random = new SplittableRandom(drawSeed);
    SizeClass size = size(random);
    for (int attempt = 0; attempt < DRAWS_PER_GRAPH; attempt++) {
      Optional<Site> firing = draws.firing(random, size);
      if (firing.isEmpty()) {
        continue;
      }
      Site site = new Surroundings(rule, draws, random).around(firing.get());
      switch (Trial.of(rule, site, random)) {
        case Trial.Kept outcome -> {
          kept++;
          if (outcome.ratio() >= 0) {
            ratios.merge(outcome.size(), outcome.ratio(), Math::max);
          }
          return null;
        }
        case Trial.Broken broken -> {
          return new Failure(drawSeed, site, broken);
        }
        case Trial.Refused refusal -> draws.obstacles().merge(refusal.reason(), 1, Integer::sum);
        case Trial.Unusable unusable -> draws.obstacles().merge(unusable.reason(), 1, Integer::sum);
      }
    }
    return null;
  }

  private SizeClass size(SplittableRandom random) {
    int draw = random.nextInt(10);
    return !hasProducts || draw < 6
        ? SizeClass.SMALL
        : draw < 8 ? SizeClass.MEDIUM : SizeClass.LARGE;
  }

  private static boolean hasProducts(Pattern pattern) {
    return switch (pattern) {
      case OpPattern op ->
          op.ops().stream().anyMatch(Samplers::isProduct)
              || op.inputs().values().stream().anyMatch(RuleExam::hasProducts);
      case Pattern.OneOf oneOf -> oneOf.alternatives().stream().anyMatch(RuleExam::hasProducts);
      case Pattern.AnyValue _, Pattern.ConstantValue _, Pattern.Absent _ -> false;
    };
  }
}
