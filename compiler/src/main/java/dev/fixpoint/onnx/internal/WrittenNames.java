package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of a graph's values in a file. The main graph's keep theirs; in a subgraph, a name that
 * an enclosing graph uses for something else gets a number, because ONNX does not let names be
 * hidden.
 */
final class WrittenNames {
  private final @Nullable WrittenNames outer;
  private final Map<Value, String> names = new HashMap<>();
  private final Set<String> own = new HashSet<>();

  private WrittenNames(@Nullable WrittenNames outer, Graph graph) {
    this.outer = outer;
    Set<Value> captures = new HashSet<>(graph.captures());
    for (Value value : graph.values()) {
      if (!captures.contains(value)) {
        names.put(value, unique(value.name()));
      }
    }
  }

  private String unique(String wish) {
    String name = wish;
    int number = 1;
    while (isVisible(name)) {
      name = wish + "_" + number;
      number++;
    }
    own.add(name);
    return name;
  }

  private boolean isVisible(String name) {
    return own.contains(name) || (outer != null && outer.isVisible(name));
  }

  static WrittenNames of(Graph graph) {
    return new WrittenNames(null, graph);
  }

  WrittenNames within(Graph subgraph) {
    return new WrittenNames(this, subgraph);
  }

  String of(Value value) {
    String name = names.get(value);
    if (name != null) {
      return name;
    }
    return outer == null ? value.name() : outer.of(value);
  }
}
