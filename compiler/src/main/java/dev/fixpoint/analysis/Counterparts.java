package dev.fixpoint.analysis;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.WeightedSum;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which values of a quantized graph stand for which values of the float graph it came from. */
final class Counterparts {
  private static final OpId QUANT_STUB = OpId.fixpoint("QuantStub");
  private static final OpId DEQUANT_STUB = OpId.fixpoint("DeQuantStub");

  private final FoldedGraph reference;
  private final FoldedGraph target;
  private final Set<Value> targetValues;
  private final Map<Value, Value> renamed = new HashMap<>();

  /** The counterparts of two graphs; a value of both means the same in both. */
  Counterparts(FoldedGraph reference, FoldedGraph target) {
    this.reference = reference;
    this.target = target;
    this.targetValues = target.graph().values();
    for (Node node : reference.graph().nodes()) {
      // A stub at an output goes away, and the node before it makes the output.
      if (node.calls(DEQUANT_STUB) && !targetValues.contains(node.input(0))) {
        renamed.put(node.input(0), node.output());
      }
    }
  }

  /** Whether a node changes nothing and only says where quantization begins or ends. */
  static boolean isStub(Node node) {
    return node.calls(QUANT_STUB) || node.calls(DEQUANT_STUB);
  }

  /** The value of the compiled graph that stands for one of the reference, or null. */
  @Nullable Value of(Value value) {
    Value now = renamed.getOrDefault(value, value);
    Node producer = reference.graph().producer(value);
    while (!targetValues.contains(now) && producer != null && isStub(producer)) {
      now = renamed.getOrDefault(producer.input(0), producer.input(0));
      producer = reference.graph().producer(producer.input(0));
    }
    return targetValues.contains(now) ? now : null;
  }

  /** The node of the compiled graph that makes the counterpart of a node's first output. */
  @Nullable Node of(Node node) {
    Value now = of(node.output());
    return now == null ? null : target.graph().producer(now);
  }

  /**
   * Whether two nodes apply the same function to inputs that may differ: the same operator with the
   * same attributes, but for factors that the constants took in.
   */
  boolean sameFunction(Node before, Node now) {
    if (!before.opId().equals(now.opId()) || before.outputs().size() != now.outputs().size()) {
      return false;
    }
    if (before.attributes().equals(now.attributes())) {
      return true;
    }
    OpCall left = reference.call(before);
    OpCall right = target.call(now);
    WeightedSum was = before.op().weightedSum(left);
    WeightedSum is = now.op().weightedSum(right);
    return was != null
        && is != null
        && was.plain().equals(is.plain())
        && withoutFactors(before).equals(withoutFactors(now));
  }

  private static Map<String, ?> withoutFactors(Node node) {
    Map<String, Object> attributes = new HashMap<>(node.attributes().values());
    attributes.remove("alpha");
    attributes.remove("beta");
    return attributes;
  }

  /** Whether an input of a node of the compiled graph is a constant or stands for the other. */
  boolean agrees(@Nullable Value before, @Nullable Value now) {
    if (before == null || now == null) {
      return before == now || isConstantOrAbsent(reference, before, target, now);
    }
    if (reference.isConstant(before) && target.isConstant(now)) {
      return true;
    }
    return Objects.equals(of(before), now);
  }

  private static boolean isConstantOrAbsent(
      FoldedGraph reference, @Nullable Value before, FoldedGraph target, @Nullable Value now) {
    return before == null ? now != null && target.isConstant(now) : reference.isConstant(before);
  }

  /** The float graph. */
  FoldedGraph reference() {
    return reference;
  }

  /** The quantized graph. */
  FoldedGraph target() {
    return target;
  }

  /** The graphs of a derivation. */
  static Counterparts of(Derivation derivation) {
    Graph graph = derivation.target();
    return new Counterparts(FoldedGraph.of(derivation.reference()), FoldedGraph.of(graph));
  }
}
