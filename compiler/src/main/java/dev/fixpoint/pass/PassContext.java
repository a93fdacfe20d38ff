package dev.fixpoint.pass;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.RewriteListener;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a pass may use while it runs: an evaluator, declared input ranges, and the way to change the
 * graph. It collects the records of one pipeline run.
 */
public final class PassContext {
  private final Evaluator evaluator;
  private final Map<String, Range> inputRanges;
  private final List<RewriteRecord> records = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  /**
   * A rule whose pattern fitted, or a pass, that had to refuse.
   *
   * @param rule the rule or pass
   * @param node where
   * @param reason why
   */
  public record Refusal(String rule, Node node, String reason) {}

  /**
   * A context for one run.
   *
   * @param evaluator evaluates constant parts and calibration data
   * @param inputRanges declared range by input name
   */
  public PassContext(Evaluator evaluator, Map<String, Range> inputRanges) {
    this.evaluator = evaluator;
    this.inputRanges = Map.copyOf(inputRanges);
  }

  /** Evaluates graphs. */
  public Evaluator evaluator() {
    return evaluator;
  }

  /** Declared range by input name. */
  public Map<String, Range> inputRanges() {
    return inputRanges;
  }

  /** Runs changes on a graph and gives the changed graph; the same object where nothing changed. */
  public Graph rewrite(Graph graph, Consumer<Rewriter> changes) {
    Rewriter rewriter = new Rewriter(graph, inputRanges, listener());
    changes.accept(rewriter);
    return rewriter.finish();
  }

  /** Notes that something was not done at a node, and why. */
  public void refuse(String what, Node node, String reason) {
    refusals.add(new Refusal(what, node, reason));
  }

  /** Tells this context of applications and refusals. */
  public RewriteListener listener() {
    return new RewriteListener() {
      @Override
      public void applied(RewriteRecord record) {
        records.add(record);
      }

      @Override
      public void refused(RewriteRule rule, Node node, MatchResult.Mismatch mismatch) {
        refusals.add(new Refusal(rule.name(), node, mismatch.reason()));
      }
    };
  }

  /** A context that knows the same and has recorded nothing, for an attempt. */
  public PassContext branch() {
    return new PassContext(evaluator, inputRanges);
  }

  /** Takes over what an attempt in a {@link #branch} recorded: it stands. */
  public void adopt(PassContext attempt) {
    records.addAll(attempt.records);
    refusals.addAll(attempt.refusals);
  }

  /** Every rewrite applied so far, in order. */
  public List<RewriteRecord> records() {
    return List.copyOf(records);
  }

  /** Every refusal so far, in order. */
  public List<Refusal> refusals() {
    return List.copyOf(refusals);
  }
}
