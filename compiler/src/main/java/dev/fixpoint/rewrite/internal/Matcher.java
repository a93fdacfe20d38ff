package dev.fixpoint.rewrite.internal;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matches a pattern at a node. Alternatives and swapped operands are tried in order; what was bound
 * on a failed way is unbound again. Below the root the first alternative that fits is taken for
 * good.
 */
public final class Matcher {
  private final GraphView graph;
  private Map<Capture<?>, Object> bound = new LinkedHashMap<>();
  private Set<Node> nodes = new LinkedHashSet<>();
  private String reason = "";
  private Node where;
  private final Node root;
  private final boolean swapRoot;

  private Matcher(GraphView graph, Node root, boolean swapRoot) {
    this.graph = graph;
    this.where = root;
    this.root = root;
    this.swapRoot = swapRoot;
  }

  /**
   * Tries a pattern whose root is to be the given node: one result, or two where the operands of
   * the root may be swapped.
   */
  public static List<MatchResult> match(GraphView graph, OpPattern pattern, Node root) {
    MatchResult asWritten = new Matcher(graph, root, false).match(pattern);
    return pattern.swappable()
        ? List.of(asWritten, new Matcher(graph, root, true).match(pattern))
        : List.of(asWritten);
  }

  private MatchResult match(OpPattern pattern) {
    if (pattern.output() < root.outputs().size()
        && node(pattern, root, root.output(pattern.output()))) {
      return new Match(graph, root, List.copyOf(nodes), bound);
    }
    return new MatchResult.Mismatch(reason, where, true);
  }

  private boolean node(OpPattern pattern, Node node, Value value) {
    if (!pattern.ops().contains(node.opId())) {
      return fail(node, "is not " + pattern);
    }
    if (pattern.usedOnce() && (graph.isOutput(value) || graph.useCount(value) != 1)) {
      return fail(node, "'" + value.name() + "' is read elsewhere too");
    }
    nodes.add(node);
    if (pattern.capture() != null && !bind(pattern.capture(), node)) {
      return fail(node, "is another node than the first '" + pattern.capture() + "'");
    }
    if (node == root) {
      return inputs(pattern, node, swapRoot);
    }
    return inputs(pattern, node, false) || (pattern.swappable() && inputs(pattern, node, true));
  }

  private boolean inputs(OpPattern pattern, Node node, boolean swapped) {
    Map<Capture<?>, Object> boundBefore = new LinkedHashMap<>(bound);
    Set<Node> nodesBefore = new LinkedHashSet<>(nodes);
    int count =
        Math.max(
            node.inputs().size(),
            pattern.inputs().keySet().stream().mapToInt(i -> i + 1).max().orElse(0));
    for (int i = 0; i < count; i++) {
      Pattern wanted = pattern.inputs().get(i);
      if (wanted == null) {
        wanted = pattern.everyInput();
      }
      int position = swapped && i < 2 ? 1 - i : i;
      if (wanted != null && !input(wanted, node, node.inputOrNull(position))) {
        bound = boundBefore;
        nodes = nodesBefore;
        return false;
      }
    }
    return true;
  }

  private boolean input(Pattern pattern, Node reader, @Nullable Value value) {
    return switch (pattern) {
      case Pattern.Absent _ -> value == null || fail(reader, "has an input that should be absent");
      case Pattern.OneOf oneOf -> alternatives(oneOf, reader, value);
      case Pattern.AnyValue any ->
          value == null
              ? fail(reader, "lacks input " + any)
              : bindValue(any.capture(), reader, value);
      case Pattern.ConstantValue constant -> constant(constant, reader, value);
      case OpPattern op -> produced(op, reader, value);
    };
  }

  private boolean constant(Pattern.ConstantValue pattern, Node reader, @Nullable Value value) {
    if (value == null || graph.constant(value) == null) {
      String name = value == null ? "an omitted input" : "'" + value.name() + "'";
      return fail(reader, name + " is not constant");
    }
    return bindValue(pattern.capture(), reader, value);
  }

  private boolean produced(OpPattern pattern, Node reader, @Nullable Value value) {
    Node producer = value == null ? null : graph.producer(value);
    if (value == null || producer == null) {
      return fail(reader, "has an input that no node makes, where " + pattern + " should");
    }
    if (producer.outputs().indexOf(value) != pattern.output()) {
      return fail(producer, "'" + value.name() + "' is not its output " + pattern.output());
    }
    return node(pattern, producer, value);
  }

  private boolean alternatives(Pattern.OneOf oneOf, Node reader, @Nullable Value value) {
    for (Pattern alternative : oneOf.alternatives()) {
      Map<Capture<?>, Object> boundBefore = new LinkedHashMap<>(bound);
      Set<Node> nodesBefore = new LinkedHashSet<>(nodes);
      if (input(alternative, reader, value)) {
        return true;
      }
      bound = boundBefore;
      nodes = nodesBefore;
    }
    return false;
  }

  private boolean bindValue(@Nullable Capture<Value> capture, Node reader, Value value) {
    return capture == null
        || bind(capture, value)
        || fail(reader, "'" + value.name() + "' is not the same value as '" + capture + "'");
  }

  private boolean bind(Capture<?> capture, Object thing) {
    Object previous = bound.putIfAbsent(capture, thing);
    return previous == null || previous == thing;
  }

  private boolean fail(Node node, String why) {
    reason = why;
    where = node;
    return false;
  }
}
