package dev.fixpoint;

import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.pass.PassObserver;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RewriteRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Follows a pipeline from pass to pass and remembers what an error analysis needs: the last float
 * graph before quantizers came in, and what rewrites said.
 */
final class Derived implements PassObserver {
  private static final Set<String> EQUAL_OVER_THE_REALS =
      Set.of(ErrorContract.bitExact().text(), ErrorContract.realIdentity().text());

  private final Graph source;
  private final Map<Value, ErrorBound> constantErrors = new HashMap<>();
  private final Map<Value, ErrorBound> approximations = new HashMap<>();
  private final Map<Value, ErrorBound> promises = new HashMap<>();
  private Graph reference;
  private boolean quantized;

  Derived(Graph source) {
    this.source = source;
    this.reference = source;
  }

  /** What follows changes constants: the graph so far is the one to compare with. */
  void quantizationBegins() {
    quantized = true;
  }

  @Override
  public void passed(Step step) {
    quantized |= brings(step.before(), step.after());
    if (!quantized) {
      reference = step.after();
    }
    for (RewriteRecord record : step.records()) {
      boolean equal = EQUAL_OVER_THE_REALS.contains(record.contract());
      if (!quantized) {
        record.replacement().constantErrors().forEach(constantErrors::put);
      }
      if (!equal || quantized) {
        Map<Value, ErrorBound> into = quantized ? promises : approximations;
        record.bounds().forEach((value, bound) -> into.merge(value, bound, ErrorBound::plus));
      }
    }
  }

  /** Whether a graph has nodes that round to integers or narrow formats and another has not. */
  private static boolean brings(Graph before, Graph after) {
    Set<Node> known = new HashSet<>(before.nodes());
    return after.nodes().stream().anyMatch(node -> !known.contains(node) && quantizes(node.opId()));
  }

  private static boolean quantizes(OpId op) {
    return op.name().contains("Quant") && !op.name().endsWith("Stub")
        || op.name().contains("Integer")
        || op.name().endsWith("NBits");
  }

  /** How a graph came about. */
  Derivation derivation(Graph target) {
    return new Derivation(source, reference, target, constantErrors, approximations, promises);
  }
}
