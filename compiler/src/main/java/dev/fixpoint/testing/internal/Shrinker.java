package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.internal.RuleDraw.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Looks for the smallest graph on which a rule breaks a promise: first by drawing many small ones,
 * then by taking away from the smallest what it can do without, and by making its constants simple.
 */
final class Shrinker {
  private static final int DRAWS = 300;
  private static final int TRIALS = 6;

  private final RewriteRule rule;
  private final long seed;
  private final RuleDraw draws;
  private RuleExam.Failure best;

  private Shrinker(RewriteRule rule, RuleExam.Failure failure) {
    this.rule = rule;
    this.seed = failure.seed();
    this.draws = new RuleDraw(rule);
    this.best = failure;
  }

  /** The smallest failure that is found; the same for the same failure. */
  static RuleExam.Failure smallest(RewriteRule rule, RuleExam.Failure failure) {
    Shrinker shrinker = new Shrinker(rule, failure);
    shrinker.draw();
    shrinker.strip();
    shrinker.simplify();
    return shrinker.best;
  }

  private void draw() {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < DRAWS; i++) {
      draws.firing(random, SizeClass.SMALL).ifPresent(this::keepIfBroken);
    }
  }

  private boolean keepIfBroken(Site site) {
    boolean smaller = Reductions.weight(site.draft()) < Reductions.weight(best.site().draft());
    Optional<Trial.Broken> broken = smaller ? broken(site) : Optional.empty();
    broken.ifPresent(problem -> best = new RuleExam.Failure(seed, site, problem));
    return broken.isPresent();
  }

  private Optional<Trial.Broken> broken(Site site) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < TRIALS; i++) {
      if (Trial.of(rule, site, random) instanceof Trial.Broken broken
          && broken.kind() == best.problem().kind()) {
        return Optional.of(broken);
      }
    }
    return Optional.empty();
  }

  /** Takes away subgraphs, outputs, and nodes that the match does without. */
  private void strip() {
    tryEdit(
        draft -> {
          draft.removeCaptures();
          return true;
        });
    for (Value output : List.copyOf(best.site().draft().outputs())) {
      tryEdit(
          draft -> {
            draft.dropOutput(output);
            return !draft.outputs().isEmpty();
          });
    }
    for (Node node : best.site().draft().nodes()) {
      tryEdit(draft -> Reductions.removed(draft, node));
    }
    for (Value source : sources()) {
      tryEdit(draft -> Reductions.unread(draft, source));
    }
  }

  private List<Value> sources() {
    List<Value> sources = new ArrayList<>(best.site().draft().inputs());
    sources.addAll(best.site().draft().constants().keySet());
    return sources;
  }

  private void simplify() {
    for (Value constant : List.copyOf(best.site().draft().constants().keySet())) {
      for (DoubleUnaryOperator simpler : Reductions.SIMPLER) {
        if (tryEdit(draft -> Reductions.simplified(draft, constant, simpler))) {
          break;
        }
      }
    }
  }

  private boolean tryEdit(RuleDraw.Edit edit) {
    return draws
        .edited(best.site(), edit)
        .filter(site -> RuleDraw.firstFailing(rule.conditions(), site.match()) == null)
        .map(this::keepIfBroken)
        .orElse(false);
  }
}
