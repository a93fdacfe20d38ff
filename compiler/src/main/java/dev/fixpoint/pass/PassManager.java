package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.rewrite.RewriteException;
import dev.fixpoint.rewrite.RewriteRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a pipeline: after each pass the graph is verified, what the pass claims to establish is
 * checked, and every changed node must be explained by a record.
 */
public final class PassManager {
  private final Pipeline pipeline;
  private final List<PassObserver> observers;

  /** A manager for a pipeline. */
  public PassManager(Pipeline pipeline, List<? extends PassObserver> observers) {
    this.pipeline = pipeline;
    this.observers = List.copyOf(observers);
  }

  /**
   * Runs the passes in order.
   *
   * @throws PassException if a pass fails or breaks its promise
   */
  public Graph run(Graph graph, PassContext context) {
    Graph current = graph;
    for (Pass pass : pipeline.passes()) {
      current = run(pass, current, context);
    }
    return current;
  }

  private Graph run(Pass pass, Graph before, PassContext context) {
    int first = context.records().size();
    long start = System.nanoTime();
    Graph after;
    try {
      after = pass.transform(before, context);
      GraphVerifier.verify(after);
    } catch (ModelException | RewriteException | IllegalArgumentException e) {
      throw new PassException(pass, context.records(), before, String.valueOf(e.getMessage()), e);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    List<RewriteRecord> records = context.records();
    List<RewriteRecord> own = records.subList(first, records.size());
    for (GraphProperty property : pass.establishes()) {
      Optional<String> violation = property.violation().apply(after);
      if (violation.isPresent()) {
        throw new PassException(
            pass,
            records,
            before,
            "claims to establish " + property + ", but " + violation.get(),
            null);
      }
    }
    unexplained(before, after, own)
        .ifPresent(
            node -> {
              throw new PassException(
                  pass,
                  records,
                  before,
                  "changed the graph past the rewriter: no record explains " + node.describe(),
                  null);
            });
    PassObserver.Step step = new PassObserver.Step(pass, before, after, own, duration);
    observers.forEach(observer -> observer.passed(step));
    return after;
  }

  /** A node that is new and neither made by a record nor a reader re-made by a substitution. */
  private static Optional<Node> unexplained(
      Graph before, Graph after, List<RewriteRecord> records) {
    Set<Object> known = new HashSet<>(before.nodes());
    before.nodes().forEach(node -> known.addAll(node.outputs()));
    boolean substituted = false;
    for (RewriteRecord record : records) {
      known.addAll(record.replacement().nodes());
      record.replacement().nodes().forEach(node -> known.addAll(node.outputs()));
      substituted |= !record.replacement().substitutions().isEmpty();
    }
    boolean remade = substituted;
    return after.nodes().stream()
        .filter(node -> !known.contains(node))
        .filter(node -> !(remade && known.containsAll(node.outputs())))
        .findFirst();
  }
}
