package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.If;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of a draft that subgraphs read; each becomes an If when the graph is put together. */
final class Captures {
  /** The type of an If's condition. */
  static final TensorType CONDITION = TensorType.of(ElementType.BOOL);

  private final Map<Value, Branch> branches = new LinkedHashMap<>();

  /**
   * The values that an If adds.
   *
   * @param condition an input of the graph
   * @param result an output of the graph
   */
  private record Branch(Value condition, Value result) {}

  boolean isEmpty() {
    return branches.isEmpty();
  }

  void addAll(Captures other) {
    branches.putAll(other.branches);
  }

  void add(Value value, String name) {
    branches.computeIfAbsent(
        value, _ -> new Branch(new Value(name + "_condition"), new Value(name)));
  }

  boolean remove(Value value) {
    return branches.remove(value) != null;
  }

  void clear() {
    branches.clear();
  }

  void names(List<String> taken) {
    for (Branch branch : branches.values()) {
      taken.add(branch.condition.name());
      taken.add(branch.result.name());
    }
  }

  void declare(Map<Value, TensorType> types) {
    branches.values().forEach(branch -> types.put(branch.condition, CONDITION));
  }

  /** Adds an If for each captured value. */
  void addTo(Graph graph, List<Node> nodes, List<Value> inputs, Set<Value> outputs) {
    branches.forEach(
        (value, branch) -> {
          Attributes bodies =
              Attributes.NONE
                  .with(If.THEN_BRANCH, body(graph, value, branch.result.name() + "_then"))
                  .with(If.ELSE_BRANCH, body(graph, value, branch.result.name() + "_else"));
          nodes.add(
              new Node(
                  "", StandardOps.IF, bodies, List.of(branch.condition), List.of(branch.result)));
          inputs.add(branch.condition);
          outputs.add(branch.result);
        });
  }

  private static GraphBody body(Graph graph, Value captured, String name) {
    Value result = new Value(name);
    Node node =
        new Node("", StandardOps.IDENTITY, Attributes.NONE, List.of(captured), List.of(result));
    return new GraphBody(
        Graph.of(
            new GraphParts(
                name,
                List.of(),
                List.of(result),
                List.of(captured),
                new ArrayList<>(List.of(node)),
                Map.of(),
                Map.of(captured, graph.type(captured)),
                ModelInfo.DEFAULT)));
  }
}
