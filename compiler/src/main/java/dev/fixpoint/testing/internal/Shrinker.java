package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.testing.internal.RuleDraw.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
  private static final List<DoubleUnaryOperator> SIMPLER =
      List.of(_ -> 0, _ -> 1, Math::rint, v -> Math.rint(4 * v) / 4);

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
    boolean smaller = weight(site) < weight(best.site());
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

  /** A graph is smaller if it has fewer nodes, then fewer elements, then simpler ones. */
  private static double weight(Site site) {
    double weight = 0;
    GraphDraft draft = site.draft();
    weight += 1e6 * (site.graph().nodes().size() + site.graph().outputs().size());
    for (Value input : draft.inputs()) {
      weight += 100 * (1 + draft.trueType(input).shape().elementCount());
    }
    for (Tensor constant : draft.constants().values()) {
      weight += 100 * (1 + constant.elementCount());
      for (double value : constant.toDoubles()) {
        weight += value == 0 ? 0 : value == 1 ? 0.01 : value == Math.rint(value) ? 0.1 : 1;
      }
    }
    return weight;
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
      tryEdit(draft -> removed(draft, node));
    }
    for (Value source : sources()) {
      tryEdit(draft -> unread(draft, source));
    }
  }

  private List<Value> sources() {
    List<Value> sources = new ArrayList<>(best.site().draft().inputs());
    sources.addAll(best.site().draft().constants().keySet());
    return sources;
  }

  private static boolean removed(GraphDraft draft, Node node) {
    for (Value output : node.outputs()) {
      draft.dropOutput(output);
    }
    boolean read =
        draft.nodes().stream()
            .anyMatch(other -> node.outputs().stream().anyMatch(other.inputs()::contains));
    if (read) {
      // Its readers read an input instead.
      for (Value output : node.outputs()) {
        draft.reroute(output, draft.addInput("input", draft.typeBefore(output)));
      }
    }
    draft.remove(node);
    return !draft.outputs().isEmpty();
  }

  private static boolean unread(GraphDraft draft, Value source) {
    boolean read = draft.nodes().stream().anyMatch(node -> node.inputs().contains(source));
    if (!read && !draft.outputs().contains(source)) {
      draft.removeSource(source);
      return true;
    }
    return false;
  }

  private void simplify() {
    for (Value constant : List.copyOf(best.site().draft().constants().keySet())) {
      for (DoubleUnaryOperator simpler : SIMPLER) {
        if (tryEdit(draft -> simplified(draft, constant, simpler))) {
          break;
        }
      }
    }
  }

  private static boolean simplified(GraphDraft draft, Value constant, DoubleUnaryOperator simpler) {
    Tensor tensor = Objects.requireNonNull(draft.constants().get(constant));
    if (!tensor.elementType().isFloat()) {
      return false;
    }
    double[] values = Arrays.stream(tensor.toDoubles()).map(simpler).toArray();
    draft.setConstant(constant, Tensor.ofDoubles(tensor.elementType(), tensor.shape(), values));
    return true;
  }

  private boolean tryEdit(RuleDraw.Edit edit) {
    return draws
        .edited(best.site(), edit)
        .filter(site -> RuleDraw.firstFailing(rule.conditions(), site.match()) == null)
        .map(this::keepIfBroken)
        .orElse(false);
  }
}
