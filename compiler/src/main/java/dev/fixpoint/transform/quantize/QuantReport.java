package dev.fixpoint.transform.quantize;

import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.PassContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of each node of a network: whether it runs on integers, and why or why not.
 *
 * @param entries one for each node that computes, in the order of the graph
 */
public record QuantReport(List<Entry> entries) {
  /** Of a compilation that does not quantize. */
  public static final QuantReport NONE = new QuantReport(List.of());

  /**
   * What became of one node.
   *
   * @param node its name, or that of its first output
   * @param operator its operator
   * @param integer whether it runs on integers
   * @param reason why, for people
   */
  public record Entry(String node, String operator, boolean integer, String reason) {
    static Entry of(Node node, boolean integer, String reason) {
      String name = node.name().isEmpty() ? node.output().name() : node.name();
      return new Entry(name, node.opId().toString(), integer, reason);
    }

    static Entry of(QuantDecision decision) {
      return of(decision.node(), decision.integer(), decision.reason());
    }
  }

  /** Keeps an immutable copy. */
  public QuantReport {
    entries = List.copyOf(entries);
  }

  /** Nodes that run on integers. */
  public List<Entry> integers() {
    return entries.stream().filter(Entry::integer).toList();
  }

  /** Nodes that stay in float. */
  public List<Entry> floats() {
    return entries.stream().filter(entry -> !entry.integer()).toList();
  }

  /**
   * What the placement of quantizers decides for the nodes of a float graph.
   *
   * @param optimized the graph before
   * @param placed the graph with fake quantizers, which has the last word
   * @param refusals what the placement left in float in the end, and why
   */
  public static QuantReport ofPlacement(
      Graph optimized, QuantScheme scheme, Graph placed, List<PassContext.Refusal> refusals) {
    Map<String, String> kept = new HashMap<>();
    refusals.stream()
        .filter(refusal -> refusal.rule().equals(ProtectPrecision.NAME))
        .forEach(refusal -> kept.put(refusal.node().output().name(), refusal.reason()));
    Map<String, Node> byOutput = new HashMap<>();
    placed.nodes().forEach(node -> byOutput.put(node.output().name(), node));
    List<Entry> entries = new ArrayList<>();
    for (QuantDecision decision : QuantDecisions.of(optimized, scheme).all()) {
      if (!isQuantizer(decision.node())) {
        Node now = byOutput.get(decision.node().output().name());
        entries.add(now == null ? Entry.of(decision) : placed(decision, placed, now, kept));
      }
    }
    return new QuantReport(entries);
  }

  private static Entry placed(
      QuantDecision decision, Graph placed, Node now, Map<String, String> kept) {
    if (decision.integer() && !readsQuantized(placed, now)) {
      String name = decision.node().output().name();
      String reason = kept.getOrDefault(name, "what reads it was left in float");
      return Entry.of(decision.node(), false, reason);
    }
    Optional<String> joined =
        decision.integer() ? Optional.empty() : JoinedResults.reason(placed, now);
    return joined
        .map(reason -> Entry.of(decision.node(), true, reason))
        .orElseGet(() -> Entry.of(decision));
  }

  /** Which nodes of a lowered graph run on integers; the others by what stood in their way. */
  public static QuantReport ofLowered(Graph lowered) {
    return new QuantReport(
        lowered.nodes().stream()
            .filter(node -> !isQuantizer(node))
            .map(node -> LoweringReason.of(lowered, node))
            .toList());
  }

  private static boolean isQuantizer(Node node) {
    return node.calls(QuantOps.QUANTIZE_LINEAR)
        || node.calls(QuantOps.DEQUANTIZE_LINEAR)
        || node.calls(QuantOps.FAKE_QUANT)
        || node.calls(QuantOps.QUANT_STUB)
        || node.calls(QuantOps.DEQUANT_STUB);
  }

  private static boolean readsQuantized(Graph placed, Node node) {
    return QuantRole.dataInputs(node).stream()
        .map(node::input)
        .allMatch(value -> isQuantized(placed, value));
  }

  private static boolean isQuantized(Graph placed, Value value) {
    Node producer = placed.producer(value);
    return producer != null
        && (producer.calls(QuantOps.FAKE_QUANT) || producer.calls(QuantOps.DEQUANTIZE_LINEAR));
  }
}
