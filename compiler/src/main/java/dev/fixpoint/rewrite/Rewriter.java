package dev.fixpoint.rewrite;

import dev.fixpoint.analysis.RangeAnalysis;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.internal.WorkingCopy;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The only door to a changed graph: checks each replacement, asks its contract for the bound,
 * applies it, and keeps the record. {@link #finish} gives the new graph.
 */
public final class Rewriter {
  private final Graph origin;
  private final WorkingCopy copy;
  private final RangeAnalysis ranges;
  private final RewriteListener listener;
  private final List<RewriteRecord> records = new ArrayList<>();

  /**
   * A rewriter of a graph.
   *
   * @param inputRanges declared range by input name, for the bounds
   * @param listener is told of every application
   */
  public Rewriter(Graph graph, Map<String, Range> inputRanges, RewriteListener listener) {
    this.origin = graph;
    this.copy = new WorkingCopy(graph);
    this.ranges = new RangeAnalysis(copy, inputRanges);
    this.listener = listener;
  }

  /** The graph as it is now. */
  public GraphView graph() {
    return copy;
  }

  /** The nodes as they are now, in topological order but for nodes just added. */
  public List<Node> nodes() {
    return copy.nodes();
  }

  /** Whether a node is part of the graph now. */
  public boolean contains(Node node) {
    return copy.contains(node);
  }

  /** The range of a value as it is now. */
  public Range range(Value value) {
    return ranges.range(value);
  }

  /** What has been applied so far, in order. */
  public List<RewriteRecord> records() {
    return List.copyOf(records);
  }

  /**
   * Applies a rule at a match.
   *
   * @return the record, or null where the replacement function refused
   */
  public @Nullable RewriteRecord apply(RewriteRule rule, Match match) {
    try {
      return replace(
          rule.name(),
          match.nodes(),
          build -> rule.replacement().replace(match, build),
          rule.contract());
    } catch (RefusedRewrite refusal) {
      String reason = refusal.getMessage() == null ? "refused" : refusal.getMessage();
      listener.refused(rule, match.root(), new MatchResult.Mismatch(reason, match.root(), false));
      return null;
    }
  }

  /**
   * Replaces nodes: the way of passes.
   *
   * @param name name of the pass or rule
   * @param nodes nodes that the replacement takes the place of, the last to be computed first;
   *     those whose outputs are read elsewhere stay
   * @param parts adds the new nodes and constants
   * @param contract how far results may move
   * @throws RewriteException if the graph would not be a graph any more
   */
  public RewriteRecord replace(
      String name, List<Node> nodes, Consumer<ReplacementBuilder> parts, ErrorContract contract) {
    ReplacementBuilder builder =
        new ReplacementBuilder(copy::uniqueName, Provenance.rewritten(nodes, name));
    parts.accept(builder);
    Replacement replacement = builder.build();
    check(name, nodes, replacement);
    Map<Value, Range> asked = new HashMap<>();
    Map<Value, ErrorBound> bounds = bounds(nodes, replacement, contract, asked);
    Set<Value> read = read(nodes, replacement);
    RewriteRecord record =
        new RewriteRecord(
            name,
            contract.text(),
            nodes,
            constantsOf(read),
            replacement,
            bounds,
            boundary(read, asked));
    Map<Value, Range> before = new LinkedHashMap<>();
    if (!contract.keepsRanges()) {
      bounds.keySet().forEach(value -> before.put(value, ranges.range(value)));
    }
    try {
      change(nodes, replacement);
    } catch (ModelException | IllegalArgumentException e) {
      throw new RewriteException("rewrite '" + name + "': " + e.getMessage(), e);
    }
    before.forEach((value, range) -> moved(value, range, bounds.get(value)));
    records.add(record);
    listener.applied(record);
    return record;
  }

  /** A value computed differently is at most its bound away from where it was. */
  private void moved(Value value, Range before, @Nullable ErrorBound bound) {
    ranges.invalidate(value);
    if (bound != null && bound.isBounded() && copy.contains(value)) {
      ranges.limit(value, before.widened(bound));
    }
  }

  /** The new graph; the same object as the old one if nothing was applied. */
  public Graph finish() {
    return records.isEmpty() ? origin : copy.freeze();
  }

  private void check(String name, List<Node> nodes, Replacement replacement) {
    for (Node node : nodes) {
      if (!copy.contains(node)) {
        throw new RewriteException(
            "rewrite '" + name + "': " + node.describe() + " is not part of the graph any more");
      }
    }
    Set<Value> made = new HashSet<>();
    for (Value output : made(replacement)) {
      Node old = copy.producer(output);
      boolean foreign = copy.contains(output) && (old == null || !nodes.contains(old));
      if (foreign || !made.add(output)) {
        throw new RewriteException(
            "rewrite '" + name + "' makes '" + output.name() + "', which has another producer");
      }
    }
    for (Node node : replacement.nodes()) {
      for (Value input : node.inputs()) {
        if (input != null && !made.contains(input) && !copy.contains(input)) {
          throw new RewriteException(
              "rewrite '" + name + "' reads '" + input.name() + "', which nothing makes");
        }
      }
    }
    replacement.substitutions().keySet().forEach(old -> checkSubstitution(name, old));
  }

  /** What a replacement makes: constants and outputs of nodes; a value made twice stands twice. */
  private static List<Value> made(Replacement replacement) {
    List<Value> made = new ArrayList<>(replacement.constants().keySet());
    replacement.nodes().forEach(node -> made.addAll(node.outputs()));
    return made;
  }

  private void checkSubstitution(String name, Value old) {
    boolean captured = copy.uses(old).stream().anyMatch(use -> use.index() == Use.CAPTURE);
    if (copy.isOutput(old) || captured) {
      throw new RewriteException(
          "rewrite '"
              + name
              + "' substitutes '"
              + old.name()
              + "', which is "
              + (captured ? "read by a subgraph" : "an output of the graph")
              + "; let a node define it, or add the condition that it is not");
    }
  }

  private Map<Value, ErrorBound> bounds(
      List<Node> nodes, Replacement replacement, ErrorContract contract, Map<Value, Range> asked) {
    Set<Value> changed = new LinkedHashSet<>(replacement.substitutions().keySet());
    made(replacement).stream().filter(copy::contains).forEach(changed::add);
    Map<Value, ErrorBound> bounds = new LinkedHashMap<>();
    Function<Value, Range> known = value -> asked.computeIfAbsent(value, ranges::range);
    for (Value output : changed) {
      bounds.put(output, contract.bound(new RewriteSite(copy, nodes, replacement, output, known)));
    }
    return bounds;
  }

  private Map<Value, Tensor> constantsOf(Set<Value> read) {
    Map<Value, Tensor> constants = new LinkedHashMap<>();
    for (Value value : read) {
      Tensor constant = copy.constant(value);
      if (constant != null) {
        constants.put(value, constant);
      }
    }
    return constants;
  }

  private Map<Value, RewriteRecord.Boundary> boundary(Set<Value> read, Map<Value, Range> asked) {
    Map<Value, RewriteRecord.Boundary> boundary = new LinkedHashMap<>();
    for (Value value : read) {
      if (copy.contains(value) && copy.constant(value) == null) {
        boundary.put(
            value,
            new RewriteRecord.Boundary(
                copy.type(value), asked.getOrDefault(value, Range.ALL), copy.shapeValue(value)));
      }
    }
    return boundary;
  }

  /** What the nodes of both sides read, and what stands in for other values. */
  private static Set<Value> read(List<Node> nodes, Replacement replacement) {
    Set<Value> read = new LinkedHashSet<>(replacement.substitutions().values());
    for (Node node : nodes) {
      node.inputs().stream().filter(Objects::nonNull).forEach(read::add);
    }
    for (Node node : replacement.nodes()) {
      node.inputs().stream().filter(Objects::nonNull).forEach(read::add);
    }
    return read;
  }

  private void change(List<Node> nodes, Replacement replacement) {
    replacement.constants().forEach(copy::addConstant);
    Set<Value> redefined = new HashSet<>(made(replacement));
    replacement.nodes().forEach(node -> copy.importDomain(node.opId().domain()));
    Node anchor = nodes.getFirst();
    for (Node node : inOrder(replacement.nodes())) {
      copy.addBefore(anchor, node);
    }
    replacement.substitutions().forEach(this::substitute);
    removeDead(nodes, redefined);
  }

  private static List<Node> inOrder(List<Node> nodes) {
    List<Node> rest = new ArrayList<>(nodes);
    List<Node> ordered = new ArrayList<>();
    Set<Value> pending = new HashSet<>();
    nodes.forEach(node -> pending.addAll(node.outputs()));
    while (!rest.isEmpty()) {
      Node next =
          rest.stream()
              .filter(node -> node.inputs().stream().noneMatch(pending::contains))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the new nodes depend on each other in a cycle"));
      ordered.add(next);
      rest.remove(next);
      next.outputs().forEach(pending::remove);
    }
    return ordered;
  }

  private void substitute(Value old, Value replacement) {
    Set<Node> readers = new LinkedHashSet<>();
    copy.uses(old).forEach(use -> readers.add(use.node()));
    for (Node reader : readers) {
      List<@Nullable Value> inputs = new ArrayList<>(reader.inputs());
      inputs.replaceAll(input -> input == old ? replacement : input);
      copy.replace(reader, reader.withInputs(inputs));
    }
  }

  private void removeDead(List<Node> nodes, Set<Value> redefined) {
    List<Node> candidates = new ArrayList<>(nodes);
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Node node : List.copyOf(candidates)) {
        boolean remakesOutput = node.outputs().stream().anyMatch(redefined::contains);
        boolean dead =
            node.outputs().stream().allMatch(v -> redefined.contains(v) || copy.isUnused(v));
        if (remakesOutput && !dead) {
          throw new IllegalArgumentException(
              node.describe() + " has an output that is still read and that nothing makes now");
        }
        if (dead) {
          candidates.remove(node);
          removeIfPresent(node);
          progress = true;
        }
      }
    }
  }

  private void removeIfPresent(Node node) {
    if (copy.contains(node)) {
      copy.remove(node);
    }
  }
}
