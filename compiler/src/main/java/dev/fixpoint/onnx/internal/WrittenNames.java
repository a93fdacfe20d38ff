package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.NameAuthority;
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
  private final Set<String> visible;

  private WrittenNames(@Nullable WrittenNames outer, Graph graph) {
    this.outer = outer;
    this.visible = outer == null ? new HashSet<>() : new HashSet<>(outer.visible);
    Set<String> taken = new HashSet<>(visible);
    NameAuthority authority = new NameAuthority(taken);
    for (Value value : graph.values()) {
      if (!graph.captures().contains(value)) {
        String name = outer == null ? value.name() : authority.unique(value.name());
        names.put(value, name);
        visible.add(name);
      }
    }
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
