package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.testing.GuardReport;
import dev.fixpoint.testing.RuleReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what came of an exam into words. */
public final class Reports {
  /** A bound of which less than this share is ever seen says little. */
  private static final double VACUOUS = 1e-2;

  private static final int OBSTACLES = 3;

  private Reports() {}

  /** Examines a rule on so many graphs, and so many near misses for each guard. */
  public static RuleReport of(RewriteRule rule, int graphs, int misses, long seed) {
    RuleExam.Result result = RuleExam.of(rule, graphs, misses, seed);
    List<GuardReport> guards = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    failure(result, graphs, failures);
    for (GuardExam.Result guard : result.guards()) {
      guards.add(new GuardReport(guard.text(), guard.kind(), guard.misses(), guard.need()));
      guard(guard, failures, remarks);
    }
    Map<String, Double> ratios = new LinkedHashMap<>();
    result
        .ratios()
        .forEach(
            (size, ratio) -> {
              ratios.put(size.text(), ratio);
              if (ratio < VACUOUS) {
                remarks.add(
                    "the bound says little: for "
                        + size.text()
                        + ", at most "
                        + ratio
                        + " of it is ever seen; declare a smaller one");
              }
            });
    return new RuleReport(rule, result.graphs(), ratios, guards, failures, remarks);
  }

  private static void failure(RuleExam.Result result, int graphs, List<String> failures) {
    RuleExam.Failure failure = result.failure();
    if (failure != null) {
      failures.add(
          failure.problem().problem()
              + text(failure.site().graph(), failure.problem().inputs())
              + "\nseed "
              + failure.seed()
              + " finds it at once");
    } else if (result.graphs() < graphs) {
      failures.add(
          "fires on "
              + result.graphs()
              + " of "
              + graphs
              + " generated graphs only; what stood in the way most: "
              + obstacles(result.obstacles())
              + "; give the condition hooks, or let it ask for less");
    }
  }

  private static String obstacles(Map<String, Integer> obstacles) {
    return obstacles.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
        .limit(OBSTACLES)
        .map(entry -> entry.getKey() + " (" + entry.getValue() + " times)")
        .reduce((a, b) -> a + "; " + b)
        .orElse("nothing");
  }

  private static void guard(GuardExam.Result guard, List<String> failures, List<String> remarks) {
    if (guard.wrong() != null) {
      failures.add(
          "fires although '"
              + guard.text()
              + "' does not hold"
              + text(guard.wrong().graph(), null));
    } else if (guard.misses() == 0) {
      remarks.add(
          "condition '" + guard.text() + "' is not exercised: no graph is found on which it fails");
    } else if (guard.isRedundant()) {
      remarks.add(
          "condition '"
              + guard.text()
              + "' is redundant: nothing goes wrong without it on "
              + guard.misses()
              + " graphs; leave it out");
    }
  }

  /** A graph in ONNX text, and the inputs that go with it. */
  static String text(Graph graph, @Nullable Map<String, Tensor> inputs) {
    StringBuilder text = new StringBuilder(":\n").append(OnnxTextWriter.toText(graph).strip());
    if (inputs != null) {
      inputs.forEach(
          (name, tensor) -> text.append("\nwhere ").append(name).append(" = ").append(tensor));
    }
    return text.toString();
  }
}
