package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/**
 * One application of a rewrite cut out of its graph: the nodes before and the nodes after, as two
 * graphs with the same inputs, whose outputs are the values that are made differently now.
 *
 * @param before the nodes that were there
 * @param after the nodes that took their place; its outputs have the order of those before
 * @param boundary what was known of the inputs, by name
 * @param bounds how far each output may move, in the order of the outputs
 */
public record Neighbourhood(
    Graph before,
    Graph after,
    Map<String, RewriteRecord.Boundary> boundary,
    List<ErrorBound> bounds) {
  /** Keeps immutable copies. */
  public Neighbourhood {
    boundary = Map.copyOf(boundary);
    bounds = List.copyOf(bounds);
  }

  /**
   * The neighbourhood of an application.
   *
   * @throws ModelException if the nodes are no graph by themselves, as where one of their subgraphs
   *     reads values around it
   */
  public static Neighbourhood of(RewriteRecord record) {
    List<Value> outputs = List.copyOf(record.bounds().keySet());
    Replacement replacement = record.replacement();
    List<Value> now = new ArrayList<>();
    for (Value output : outputs) {
      now.add(replacement.substitutions().getOrDefault(output, output));
    }
    Map<Value, Tensor> constantsAfter = new LinkedHashMap<>(record.constantsBefore());
    constantsAfter.putAll(replacement.constants());
    List<Node> nodesBefore = needed(record.before(), outputs);
    List<Node> nodesAfter = new ArrayList<>(replacement.nodes());
    Set<Value> madeAfter = new LinkedHashSet<>(constantsAfter.keySet());
    nodesAfter.forEach(node -> madeAfter.addAll(node.outputs()));
    // A node that was looked at may stay, and then feeds what took the place of others.
    nodesAfter.addAll(needed(staying(record.before(), madeAfter), reads(nodesAfter, now)));
    SequencedSet<Value> inputs = new LinkedHashSet<>();
    inputs.addAll(open(nodesBefore, outputs, record.constantsBefore()));
    inputs.addAll(open(nodesAfter, now, constantsAfter));
    Map<Value, TensorType> types = new LinkedHashMap<>();
    Map<String, RewriteRecord.Boundary> known = new LinkedHashMap<>();
    for (Value input : inputs) {
      RewriteRecord.Boundary boundary = record.boundary().get(input);
      if (boundary == null) {
        throw new ModelException("nothing is known of '" + input.name() + "' at the border");
      }
      types.put(input, boundary.type());
      known.put(input.name(), boundary);
    }
    List<Value> sources = List.copyOf(inputs);
    return new Neighbourhood(
        graph(sources, outputs, nodesBefore, record.constantsBefore(), types),
        graph(sources, now, nodesAfter, constantsAfter, types),
        known,
        List.copyOf(record.bounds().values()));
  }

  private static Graph graph(
      List<Value> inputs,
      List<Value> outputs,
      List<Node> nodes,
      Map<Value, Tensor> constants,
      Map<Value, TensorType> types) {
    return Graph.of(
        new GraphParts(
            "rewrite", inputs, outputs, List.of(), nodes, constants, types, ModelInfo.DEFAULT));
  }

  /** The nodes that values hang on, among some. */
  private static List<Node> needed(List<Node> nodes, List<Value> values) {
    Map<Value, Node> producers = new LinkedHashMap<>();
    nodes.forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
    SequencedSet<Node> needed = new LinkedHashSet<>();
    List<Value> work = new ArrayList<>(values);
    while (!work.isEmpty()) {
      Node producer = producers.get(work.removeLast());
      if (producer != null && needed.add(producer)) {
        producer.inputs().stream().filter(input -> input != null).forEach(work::add);
      }
    }
    return List.copyOf(needed);
  }

  private static List<Node> staying(List<Node> nodes, Set<Value> made) {
    return nodes.stream()
        .filter(node -> node.outputs().stream().noneMatch(made::contains))
        .toList();
  }

  private static List<Value> reads(List<Node> nodes, List<Value> outputs) {
    List<Value> read = new ArrayList<>(outputs);
    for (Node node : nodes) {
      node.inputs().stream().filter(input -> input != null).forEach(read::add);
    }
    return read;
  }

  /** What nodes read, or what is asked for, that neither they nor constants provide. */
  private static List<Value> open(
      List<Node> nodes, List<Value> outputs, Map<Value, Tensor> constants) {
    Set<Value> made = new LinkedHashSet<>(constants.keySet());
    nodes.forEach(node -> made.addAll(node.outputs()));
    return reads(nodes, outputs).stream().filter(value -> !made.contains(value)).toList();
  }
}
