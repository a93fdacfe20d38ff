package dev.fixpoint.cli;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the float values inside two models that have the same name, both run as they are. */
final class NodeComparison {
  private NodeComparison() {}

  /**
   * How far a value is from its counterpart.
   *
   * @param name name of both
   * @param sqnr the difference
   */
  record Line(String name, Sqnr sqnr) {
    /** As JSON. */
    Map<String, Object> json() {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", name);
      object.put("sqnr_db", sqnr.decibels());
      object.put("max_abs", sqnr.largestDifference());
      return object;
    }

    /** Adds a row to a table. */
    void row(Table table) {
      table.row(name, Figures.fixed(sqnr.decibels(), 2), Figures.small(sqnr.largestDifference()));
    }
  }

  /** The values that both have, in the order of the first. */
  static List<Line> of(
      Evaluator evaluator, Graph a, Graph b, Iterable<Map<String, Tensor>> batches) {
    Map<String, Value> ofB = floats(b);
    Map<String, Value> shared = floats(a);
    shared.keySet().retainAll(ofB.keySet());
    ofB.keySet().retainAll(shared.keySet());
    Evaluator.Evaluation runA = evaluator.prepare(a, new LinkedHashSet<>(shared.values()));
    Evaluator.Evaluation runB = evaluator.prepare(b, new LinkedHashSet<>(ofB.values()));
    Map<String, Sqnr> sums = new LinkedHashMap<>();
    shared.keySet().forEach(name -> sums.put(name, new Sqnr()));
    for (Map<String, Tensor> batch : batches) {
      Map<String, Tensor> values = new HashMap<>();
      runA.evaluate(batch, (value, tensor) -> values.put(value.name(), copy(tensor)));
      runB.evaluate(
          batch,
          (value, tensor) -> {
            Tensor reference = values.remove(value.name());
            Sqnr sum = sums.get(value.name());
            if (reference != null && sum != null && reference.type().equals(tensor.type())) {
              sum.add(reference, tensor);
            }
          });
    }
    List<Line> lines = new ArrayList<>();
    sums.forEach((name, sum) -> lines.add(new Line(name, sum)));
    return lines;
  }

  /** A tap's tensor may be freed when the tap returns. */
  private static Tensor copy(Tensor tensor) {
    byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    return Tensor.of(tensor.type(), MemorySegment.ofArray(bytes));
  }

  private static Map<String, Value> floats(Graph graph) {
    Map<String, Value> values = new LinkedHashMap<>();
    Set<Value> outputs = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      outputs.addAll(node.outputs());
    }
    for (Value value : outputs) {
      if (graph.type(value).elementType().isFloat()) {
        values.put(value.name(), value);
      }
    }
    return values;
  }
}
