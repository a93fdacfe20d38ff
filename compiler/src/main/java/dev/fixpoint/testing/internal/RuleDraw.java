package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Hook;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.internal.Matcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Draws graphs on which a rule fires, from the rule alone. */
public final class RuleDraw {
  private static final int HOOK_ROUNDS = 48;

  private final RewriteRule rule;
  private final Map<String, Integer> obstacles = new LinkedHashMap<>();

  /** Draws for a rule. */
  public RuleDraw(RewriteRule rule) {
    this.rule = rule;
  }

  /**
   * A graph with a place where the pattern of a rule fits.
   *
   * @param draft the graph
   * @param root first output of the node that the pattern starts at
   * @param match how it fits there
   */
  public record Site(GraphDraft draft, Value root, Match match) {
    /** The graph. */
    public Graph graph() {
      return draft.build();
    }
  }

  /** Why draws failed, and how often; the commonest first reason is what to look at. */
  public Map<String, Integer> obstacles() {
    return obstacles;
  }

  /** A graph that the pattern fits, whatever the conditions say. */
  public Optional<Site> fitting(SplittableRandom random, SizeClass size) {
    try {
      PatternDraw.Drawn drawn = PatternDraw.draw(rule.pattern(), random, size);
      Graph graph = drawn.draft().build();
      GraphVerifier.verify(graph);
      return at(rule, drawn.draft(), drawn.root());
    } catch (RejectedDraw | ModelException | IllegalArgumentException e) {
      obstacles.merge("no such graph: " + e.getMessage(), 1, Integer::sum);
      return Optional.empty();
    }
  }

  /** A graph on which the rule fires as far as pattern and conditions say. */
  public Optional<Site> firing(SplittableRandom random, SizeClass size) {
    return fitting(random, size).flatMap(site -> satisfied(site, rule.conditions(), random));
  }

  /** A site changed by hooks until all of some conditions hold. */
  public Optional<Site> satisfied(Site start, List<Condition> conditions, SplittableRandom random) {
    Site site = start;
    for (int round = 0; round < HOOK_ROUNDS; round++) {
      Condition failing = firstFailing(conditions, site.match);
      if (failing == null) {
        return Optional.of(site);
      }
      Optional<Site> changed = changed(site, failing.satisfy(), random);
      if (changed.isEmpty()) {
        obstacles.merge(failing.text(), 1, Integer::sum);
        return Optional.empty();
      }
      site = changed.get();
    }
    obstacles.merge("hooks undo each other", 1, Integer::sum);
    return Optional.empty();
  }

  /** The first condition that fails at a match; one that throws counts as failing. */
  public static @Nullable Condition firstFailing(List<Condition> conditions, Match match) {
    for (Condition condition : conditions) {
      if (fails(condition, match)) {
        return condition;
      }
    }
    return null;
  }

  /** What a condition says of a match. */
  enum Answer {
    /** It holds. */
    HOLDS,
    /** It fails. */
    FAILS,
    /** It throws, as where it counts on another one that was left out. */
    NONE
  }

  static Answer asked(Condition condition, Match match) {
    try {
      return condition.failure(match).isPresent() ? Answer.FAILS : Answer.HOLDS;
    } catch (RuntimeException e) {
      return Answer.NONE;
    }
  }

  /** Whether a condition does not hold at a match. */
  public static boolean fails(Condition condition, Match match) {
    return asked(condition, match) != Answer.HOLDS;
  }

  /** A site changed by a hook; nothing where the hook sees no way or what comes is no graph. */
  public Optional<Site> changed(Site site, @Nullable Hook hook, SplittableRandom random) {
    return hook == null
        ? Optional.empty()
        : edited(site, draft -> hook.edit(draft, site.match, random));
  }

  /** A change of a draft. */
  @FunctionalInterface
  public interface Edit {
    /** Changes the graph; false where it cannot. */
    boolean apply(GraphDraft draft);
  }

  /** A site whose graph is changed; nothing where the pattern does not fit there any more. */
  public Optional<Site> edited(Site site, Edit edit) {
    GraphDraft copy = site.draft.copy();
    try {
      if (!edit.apply(copy)) {
        return Optional.empty();
      }
      GraphVerifier.verify(copy.build());
      return at(rule, copy, site.root);
    } catch (RejectedDraw | ModelException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IllegalStateException | IndexOutOfBoundsException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Where the pattern of a rule fits at a node; where its conditions hold, if they do anywhere. */
  public static Optional<Site> at(RewriteRule rule, GraphDraft draft, Value root) {
    Graph graph = draft.build();
    Node node = graph.producer(root);
    if (node == null) {
      return Optional.empty();
    }
    MatchResult whole = Matcher.match(graph, rule.pattern(), patient(rule.conditions()), node);
    MatchResult found =
        whole instanceof Match ? whole : Matcher.match(graph, rule.pattern(), List.of(), node);
    return found instanceof Match match
        ? Optional.of(new Site(draft, root, match))
        : Optional.empty();
  }

  /** Conditions that fail where others throw. */
  private static List<Condition> patient(List<Condition> conditions) {
    return conditions.stream()
        .map(
            condition ->
                new Condition(
                    condition.text(),
                    condition.kind(),
                    match ->
                        fails(condition, match) ? Optional.of(condition.text()) : Optional.empty()))
        .toList();
  }
}
