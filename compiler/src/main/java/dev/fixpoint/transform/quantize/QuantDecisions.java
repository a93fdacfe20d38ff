package dev.fixpoint.transform.quantize;

import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.calibration.TargetProfile;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of a float graph run on integers, as data: one decision with its reason for each
 * node.
 *
 * <p>An operator that multiplies and accumulates always does, where its parameters allow it.
 * Another one does where an integer operator reads its result, and where its own inputs are at hand
 * as integers without a further quantization: results of weighted operators, values that one reads
 * anyway, and what moving and selecting makes of them. Chains of element-wise operators stay in
 * float between their ends.
 */
public final class QuantDecisions {
  private final Graph graph;
  private final QuantScheme scheme;
  private final Exclusions exclusions;
  private final Map<Value, String> kept;
  private final Set<Value> masks;
  private final Map<Node, QuantDecision> decisions = new LinkedHashMap<>();

  private QuantDecisions(Graph graph, QuantScheme scheme, Map<Value, String> kept) {
    this.graph = graph;
    this.scheme = scheme;
    this.exclusions = new Exclusions(scheme.excludedNodes(), scheme.excludedOperators());
    this.kept = kept;
    this.masks = MaskedValues.of(graph);
  }

  /** The decisions for a graph under a scheme, in the order of its nodes. */
  public static QuantDecisions of(Graph graph, QuantScheme scheme) {
    return of(graph, scheme, Map.of());
  }

  /**
   * As {@link #of(Graph, QuantScheme)}, with further nodes that stay in float.
   *
   * @param kept why a node stays, by its first output
   */
  static QuantDecisions of(Graph graph, QuantScheme scheme, Map<Value, String> kept) {
    QuantDecisions made = new QuantDecisions(graph, scheme, kept);
    List<Node> backwards = new ArrayList<>(graph.nodes());
    Collections.reverse(backwards);
    // Weighted operators first: the others ask what they read.
    graph.nodes().stream()
        .filter(node -> QuantRole.of(node).equals(Optional.of(QuantRole.WEIGHTED)))
        .forEach(made::decide);
    backwards.stream().filter(node -> !made.decisions.containsKey(node)).forEach(made::decide);
    return made;
  }

  /** All decisions, in the order of the graph. */
  public List<QuantDecision> all() {
    return graph.nodes().stream().map(this::of).toList();
  }

  /** The decision for a node. */
  public QuantDecision of(Node node) {
    QuantDecision decision = decisions.get(node);
    if (decision == null) {
      throw new IllegalArgumentException(node.describe() + " is not part of the graph");
    }
    return decision;
  }

  /** Whether a node runs on integers. */
  public boolean isInteger(Node node) {
    return of(node).integer();
  }

  private void decide(Node node) {
    Optional<String> refusal = refusal(node);
    decisions.put(
        node,
        new QuantDecision(
            node,
            refusal.isEmpty(),
            refusal.orElseGet(() -> QuantRole.of(node).orElseThrow().reason())));
  }

  /** Why a node stays in float; empty where it does not. */
  private Optional<String> refusal(Node node) {
    Optional<QuantRole> role = QuantRole.of(node);
    if (role.isEmpty()) {
      return Optional.of(node.opId() + " has no integer form");
    }
    Optional<String> excluded = exclusions.reason(node);
    if (excluded.isPresent()) {
      return excluded;
    }
    if (!graph.type(node.output()).elementType().equals(ElementType.FLOAT)) {
      return Optional.of("its values are not float32 numbers");
    }
    String reason = kept.get(node.output());
    if (reason != null) {
      return Optional.of(reason);
    }
    for (int input : QuantRole.dataInputs(node)) {
      if (masks.contains(node.input(input))) {
        return Optional.of("'" + node.input(input).name() + "' carries a mask");
      }
    }
    return switch (role.get()) {
      case WEIGHTED -> WeightedOperator.refusal(graph, node);
      case SAME_SCALE -> PadFiller.refusal(graph, node).or(() -> unread(node));
      case ARITHMETIC ->
          scheme.target() == TargetProfile.TENSORRT
              ? Optional.of("TensorRT gets no quantizers around a sum or product of its own")
              : unread(node).or(() -> inputsNotAtHand(node));
      case MEAN, CONCAT, FUNCTION -> unread(node).or(() -> inputsNotAtHand(node));
    };
  }

  private Optional<String> unread(Node node) {
    boolean read =
        node.outputs().stream()
            .flatMap(output -> graph.uses(output).stream())
            .anyMatch(this::isIntegerUse);
    return read ? Optional.empty() : Optional.of("no integer operator reads its result");
  }

  /** Whether a use reads the value as data of an integer operator. */
  boolean isIntegerUse(Use use) {
    QuantDecision decision = decisions.get(use.node());
    return decision != null
        && decision.integer()
        && QuantRole.dataInputs(use.node()).contains(use.index());
  }

  private Optional<String> inputsNotAtHand(Node node) {
    for (int input : QuantRole.dataInputs(node)) {
      Value value = node.input(input);
      Tensor constant = graph.constant(value);
      if (constant != null) {
        return Optional.of("it combines with a constant, which float does in the same pass");
      }
      if (!isAtHand(value)) {
        return Optional.of("'" + value.name() + "' would be quantized for it alone");
      }
    }
    return Optional.empty();
  }

  /** Whether a value is an integer result, or quantized for a weighted operator anyway. */
  private boolean isAtHand(Value start) {
    Value value = start;
    while (true) {
      boolean readByWeighted =
          graph.uses(value).stream()
              .anyMatch(
                  use ->
                      QuantRole.of(use.node()).equals(Optional.of(QuantRole.WEIGHTED))
                          && isIntegerUse(use));
      Node producer = graph.producer(value);
      if (readByWeighted) {
        return true;
      }
      if (producer == null) {
        return false;
      }
      Optional<QuantRole> role = QuantRole.of(producer);
      if (role.isEmpty()) {
        return false;
      }
      switch (role.get()) {
        case WEIGHTED -> {
          return isWeighted(producer);
        }
        case SAME_SCALE, MEAN -> value = producer.input(0);
        case CONCAT -> {
          return true;
        }
        case FUNCTION -> {
          return isWeighted(graph.producer(producer.input(0)));
        }
        case ARITHMETIC -> {
          return false;
        }
      }
    }
  }

  private boolean isWeighted(@Nullable Node node) {
    return node != null
        && QuantRole.of(node).equals(Optional.of(QuantRole.WEIGHTED))
        && WeightedOperator.refusal(graph, node).isEmpty();
  }
}
