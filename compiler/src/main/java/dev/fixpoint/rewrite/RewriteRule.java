package dev.fixpoint.rewrite;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.internal.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A rewrite as one value: what to look for, under which conditions, what to put in its place, and
 * how far the result may be from what it was.
 *
 * <p>To write a rule in Java:
 *
 * <ol>
 *   <li>Declare captures for the nodes and values that conditions and replacement need.
 *   <li>Chain {@code named → match → where* → replaceWith → within}; only {@code within} gives a
 *       rule, so a rule without a contract does not compile.
 *   <li>State the algebra in the Javadoc of the class that holds it.
 *   <li>Add it to a {@link RuleSet}; the rules of this project stand in {@code StandardRules}.
 *   <li>Write a case file with graphs before and after, and graphs where it must not fire.
 * </ol>
 *
 * @param name identity in kebab case, verb first
 * @param pattern what to look for; its root is the node that the rule is tried at
 * @param conditions side conditions, tested in order
 * @param replacement builds what takes the place of the matched nodes
 * @param contract how far results may move
 * @param benefit higher is tried first
 * @param doc one line, with the algebra
 */
public record RewriteRule(
    String name,
    OpPattern pattern,
    List<Condition> conditions,
    ReplacementFunction replacement,
    ErrorContract contract,
    int benefit,
    String doc) {
  /** Keeps an immutable copy. */
  public RewriteRule {
    conditions = List.copyOf(conditions);
  }

  /** Builds what takes the place of a match. */
  @FunctionalInterface
  public interface ReplacementFunction {
    /**
     * Adds nodes and constants to the builder.
     *
     * @throws RefusedRewrite from {@link ReplacementBuilder#refuse} if the rule must not fire
     */
    void replace(Match match, ReplacementBuilder build);
  }

  /** Starts a rule. */
  public static Named named(String name) {
    return new Named(name, "");
  }

  /**
   * Tries the rule at a node, without changing anything: the first way to read the pattern there,
   * through alternatives and swapped operands, for which the conditions hold; else the mismatch
   * that got furthest.
   */
  public MatchResult matchAt(GraphView graph, Node node) {
    return Matcher.match(graph, pattern, conditions, node);
  }

  /** This rule with another pattern and other conditions, for what is held against it. */
  public RewriteRule looking(OpPattern newPattern, List<Condition> newConditions) {
    return new RewriteRule(name, newPattern, newConditions, replacement, contract, benefit, doc);
  }

  /**
   * Tries the rule at a node and its replacement too, without changing anything: whether it would
   * fire there, or why not, also where only the replacement refuses.
   */
  public MatchResult explainAt(GraphView graph, Node node) {
    MatchResult result = matchAt(graph, node);
    if (result instanceof Match match) {
      try {
        ReplacementBuilder build =
            new ReplacementBuilder(UnaryOperator.identity(), Provenance.NONE);
        replacement.replace(match, build);
      } catch (RefusedRewrite refusal) {
        String reason = refusal.getMessage() == null ? "refused" : refusal.getMessage();
        return new MatchResult.Mismatch(reason, node, false, conditions.size());
      }
    }
    return result;
  }

  /** This rule with another benefit. */
  public RewriteRule withBenefit(int newBenefit) {
    return new RewriteRule(name, pattern, conditions, replacement, contract, newBenefit, doc);
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * A rule that has a name.
   *
   * @param name identity in kebab case
   * @param doc one line
   */
  public record Named(String name, String doc) {
    /** Adds a line of documentation, with the algebra. */
    public Named doc(String line) {
      return new Named(name, line);
    }

    /** Says what to look for. */
    public Matched match(OpPattern pattern) {
      return new Matched(this, pattern, List.of());
    }
  }

  /**
   * A rule that knows what to look for.
   *
   * @param named its name
   * @param pattern what to look for
   * @param conditions conditions so far
   */
  public record Matched(Named named, OpPattern pattern, List<Condition> conditions) {
    /** Keeps an immutable copy. */
    public Matched {
      conditions = List.copyOf(conditions);
    }

    /** Adds a condition. */
    public Matched where(Condition condition) {
      List<Condition> more = new ArrayList<>(conditions);
      more.add(condition);
      return new Matched(named, pattern, more);
    }

    /** Says what takes the place of a match. */
    public Replaced replaceWith(ReplacementFunction replacement) {
      return new Replaced(this, replacement);
    }
  }

  /**
   * A rule that lacks only its contract.
   *
   * @param matched what to look for
   * @param replacement what takes its place
   */
  public record Replaced(Matched matched, ReplacementFunction replacement) {
    /** Declares how far results may move, and ends the rule. */
    public RewriteRule within(ErrorContract contract) {
      return new RewriteRule(
          matched.named.name,
          matched.pattern,
          matched.conditions,
          replacement,
          contract,
          1,
          matched.named.doc);
    }
  }
}
