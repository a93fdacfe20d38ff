package dev.fixpoint.ir;

import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares two graphs as they are written: names, order of nodes, attributes, constants, types,
 * subgraphs, and what the model says besides. Where nodes come from is not compared, nor the order
 * of constants.
 */
public final class GraphDifference {
  private final String place;

  private GraphDifference(String place) {
    this.place = place;
  }

  /** The first difference in words, or nothing where both graphs are the same. */
  public static Optional<String> between(Graph expected, Graph actual) {
    return Optional.ofNullable(new GraphDifference("").graphs(expected, actual));
  }

  private @Nullable String graphs(Graph expected, Graph actual) {
    return first(
        differ("name", expected.name(), actual.name()),
        differ("inputs", declared(expected, expected.inputs()), declared(actual, actual.inputs())),
        differ(
            "outputs", declared(expected, expected.outputs()), declared(actual, actual.outputs())),
        differ("captured values", names(expected.captures()), names(actual.captures())),
        nodes(expected, actual),
        initializers(expected, actual),
        types(expected, actual),
        differ("model information", expected.info(), actual.info()));
  }

  private @Nullable String nodes(Graph expected, Graph actual) {
    for (int i = 0; i < Math.min(expected.nodes().size(), actual.nodes().size()); i++) {
      String difference = node(expected.nodes().get(i), actual.nodes().get(i));
      if (difference != null) {
        return difference;
      }
    }
    return differ("number of nodes", expected.nodes().size(), actual.nodes().size());
  }

  private @Nullable String node(Node expected, Node actual) {
    GraphDifference inner = new GraphDifference(place + expected.describe() + ": ");
    return first(
        inner.differ("operator", expected.opId(), actual.opId()),
        inner.differ("name", expected.name(), actual.name()),
        inner.differ("inputs", names(expected.inputs()), names(actual.inputs())),
        inner.differ("outputs", names(expected.outputs()), names(actual.outputs())),
        inner.differ("documentation", expected.docString(), actual.docString()),
        inner.attributes(expected.attributes().values(), actual.attributes().values()));
  }

  private @Nullable String attributes(
      Map<String, AttributeValue> expected, Map<String, AttributeValue> actual) {
    String difference =
        differ("attributes", List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
    for (Map.Entry<String, AttributeValue> entry : expected.entrySet()) {
      if (difference == null) {
        GraphDifference inner = new GraphDifference(place + "attribute '" + entry.getKey() + "': ");
        difference =
            inner.attribute(entry.getValue(), Objects.requireNonNull(actual.get(entry.getKey())));
      }
    }
    return difference;
  }

  private @Nullable String attribute(AttributeValue expected, AttributeValue actual) {
    if (expected instanceof AttributeValue.OfGraph a
        && actual instanceof AttributeValue.OfGraph b) {
      return bodies(List.of(a.value()), List.of(b.value()));
    }
    if (expected instanceof AttributeValue.OfGraphs a
        && actual instanceof AttributeValue.OfGraphs b) {
      return bodies(a.value(), b.value());
    }
    return differ("value", expected, actual);
  }

  private @Nullable String bodies(List<Body> expected, List<Body> actual) {
    String difference = differ("number of subgraphs", expected.size(), actual.size());
    for (int i = 0; i < expected.size() && difference == null; i++) {
      difference =
          expected.get(i) instanceof GraphBody a && actual.get(i) instanceof GraphBody b
              ? graphs(a.graph(), b.graph())
              : differ("subgraph", expected.get(i), actual.get(i));
    }
    return difference;
  }

  private @Nullable String initializers(Graph expected, Graph actual) {
    Map<String, Tensor> before = byName(expected.initializers());
    Map<String, Tensor> after = byName(actual.initializers());
    String difference = differ("constants", before.keySet(), after.keySet());
    for (Map.Entry<String, Tensor> entry : before.entrySet()) {
      if (difference == null) {
        difference =
            differ(
                "constant '" + entry.getKey() + "'",
                entry.getValue(),
                Objects.requireNonNull(after.get(entry.getKey())));
      }
    }
    return difference;
  }

  private @Nullable String types(Graph expected, Graph actual) {
    Map<String, TensorType> before = byName(expected.types());
    Map<String, TensorType> after = byName(actual.types());
    String difference = differ("values", before.keySet(), after.keySet());
    for (Map.Entry<String, TensorType> entry : before.entrySet()) {
      if (difference == null) {
        difference =
            differ(
                "type of '" + entry.getKey() + "'",
                entry.getValue(),
                Objects.requireNonNull(after.get(entry.getKey())));
      }
    }
    return difference;
  }

  private static <T> Map<String, T> byName(Map<Value, T> values) {
    Map<String, T> named = new LinkedHashMap<>();
    values.forEach((value, item) -> named.put(value.name(), item));
    return named;
  }

  private static List<String> names(List<? extends @Nullable Value> values) {
    List<String> names = new ArrayList<>();
    for (Value value : values) {
      names.add(value == null ? "" : value.name());
    }
    return names;
  }

  private static List<String> declared(Graph graph, List<Value> values) {
    return values.stream().map(value -> graph.type(value) + " " + value.name()).toList();
  }

  private @Nullable String differ(String what, Object expected, Object actual) {
    return expected.equals(actual)
        ? null
        : place + what + " should be " + expected + ", but is " + actual;
  }

  private static @Nullable String first(@Nullable String... differences) {
    for (String difference : differences) {
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }
}
