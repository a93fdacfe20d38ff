package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A pass whose result is kept only where it brings the quantized outputs no further from the float
 * ones on calibration data; else it is refused, with both figures.
 *
 * @param improvement the pass
 * @param completion what makes a quantized graph of the pass's input and of its output
 * @param reference float graph and data
 */
public record Guarded(Pass improvement, Pipeline completion, Reference reference) implements Pass {
  @Override
  public String name() {
    return improvement.name();
  }

  @Override
  public Set<GraphProperty> requires() {
    return improvement.requires();
  }

  @Override
  public Set<GraphProperty> establishes() {
    return improvement.establishes();
  }

  @Override
  public Set<GraphProperty> invalidates() {
    return improvement.invalidates();
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    PassContext trial = context.branch();
    Graph improved = improvement.transform(graph, trial);
    if (improved == graph) {
      trial.refusals().forEach(each -> context.refuse(each.rule(), each.node(), each.reason()));
      return graph;
    }
    double before = decibels(graph, context);
    double after = decibels(improved, context);
    if (after >= before) {
      context.adopt(trial);
      return improved;
    }
    Node first = trial.records().getFirst().before().getFirst();
    context.refuse(
        name(),
        first,
        String.format(
            Locale.ROOT,
            "on calibration data the outputs would be at %.2f dB with it, %.2f dB without",
            after,
            before));
    return graph;
  }

  private double decibels(Graph graph, PassContext context) {
    Graph quantized = new PassManager(completion, List.of()).run(graph, context.branch());
    return reference.decibels(quantized, context.evaluator());
  }
}
