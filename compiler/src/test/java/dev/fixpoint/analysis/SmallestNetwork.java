package dev.fixpoint.analysis;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing network smaller: ends it earlier, or lets a node pass its first input on, as long
 * as it fails.
 */
final class SmallestNetwork {
  private final Predicate<Graph> fails;

  private SmallestNetwork(Predicate<Graph> fails) {
    this.fails = fails;
  }

  /** The smallest failing network that is found from one that fails. */
  static Graph of(Graph failing, Predicate<Graph> fails) {
    SmallestNetwork search = new SmallestNetwork(fails);
    Graph best = failing;
    Optional<Graph> smaller = search.smaller(best);
    while (smaller.isPresent()) {
      best = smaller.get();
      smaller = search.smaller(best);
    }
    return best;
  }

  private Optional<Graph> smaller(Graph graph) {
    for (Node node : graph.nodes()) {
      Optional<Graph> ended = tried(graph, node.output(), null);
      if (ended.isPresent()) {
        return ended;
      }
    }
    for (Node node : graph.nodes()) {
      Optional<Graph> without = tried(graph, graph.outputs().getFirst(), node);
      if (without.isPresent()) {
        return without;
      }
    }
    return Optional.empty();
  }

  private Optional<Graph> tried(Graph graph, Value output, @Nullable Node without) {
    try {
      Graph smaller = rebuilt(graph, output, without);
      boolean isSmaller = smaller.nodes().size() < graph.nodes().size();
      return isSmaller && fails.test(smaller) ? Optional.of(smaller) : Optional.empty();
    } catch (ModelException | IllegalArgumentException _) {
      return Optional.empty(); // shapes do not fit without that node
    }
  }

  /** What a graph's output depends on, where one node may be left out. */
  private static Graph rebuilt(Graph graph, Value output, @Nullable Node without) {
    Set<Value> needed = needed(graph, output, without);
    GraphBuilder builder = new GraphBuilder(graph.name());
    Map<Value, Value> now = new HashMap<>();
    graph.inputs().forEach(in -> now.put(in, builder.input(in.name(), graph.type(in))));
    for (Map.Entry<Value, Tensor> constant : graph.initializers().entrySet()) {
      Value value = constant.getKey();
      if (needed.contains(value)) {
        now.put(value, builder.constant(value.name(), constant.getValue()));
      }
    }
    for (Node node : graph.nodes()) {
      if (node == without) {
        now.put(node.output(), Objects.requireNonNull(now.get(node.input(0))));
      } else if (node.outputs().stream().anyMatch(needed::contains)) {
        List<@Nullable Value> inputs = new ArrayList<>();
        node.inputs().forEach(in -> inputs.add(in == null ? null : now.get(in)));
        List<Value> made =
            builder.call(
                node.output().name(), node.op(), node.attributes(), inputs, node.outputs().size());
        for (int i = 0; i < made.size(); i++) {
          now.put(node.output(i), made.get(i));
        }
      }
    }
    return builder.output(Objects.requireNonNull(now.get(output))).build();
  }

  private static Set<Value> needed(Graph graph, Value output, @Nullable Node without) {
    Set<Value> needed = new HashSet<>(Set.of(output));
    for (Node node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        if (node == without) {
          needed.add(node.input(0));
        } else {
          node.inputs().stream().filter(Objects::nonNull).forEach(needed::add);
        }
      }
    }
    return needed;
  }
}
