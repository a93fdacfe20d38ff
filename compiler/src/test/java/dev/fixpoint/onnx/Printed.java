package dev.fixpoint.onnx;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph as one short line a node, small constants spelled out where they are read. */
final class Printed {
  private Printed() {}

  /** Lines such as {@code y = Clip(x, -, 6.0) {mode=a}}. */
  static List<String> nodes(Graph graph) {
    return graph.nodes().stream().map(node -> line(graph, node)).toList();
  }

  private static String line(Graph graph, Node node) {
    String outputs = node.outputs().stream().map(Value::name).collect(Collectors.joining(", "));
    String inputs =
        node.inputs().stream()
            .map(input -> input == null ? "-" : read(graph, input))
            .collect(Collectors.joining(", "));
    String attributes =
        node.attributes().values().isEmpty()
            ? ""
            : node.attributes().values().entrySet().stream()
                .map(Printed::attribute)
                .collect(Collectors.joining(", ", " {", "}"));
    return outputs + " = " + node.opId() + "(" + inputs + ")" + attributes;
  }

  private static String read(Graph graph, Value value) {
    Tensor constant = graph.constant(value);
    if (constant == null) {
      return value.name();
    }
    if (constant.shape().rank() == 0) {
      return number(constant, constant.doubleAt(0));
    }
    return Arrays.stream(constant.toDoubles())
        .mapToObj(number -> number(constant, number))
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private static String number(Tensor tensor, double number) {
    return tensor.elementType().isFloat() ? Double.toString(number) : Long.toString((long) number);
  }

  private static String attribute(Map.Entry<String, AttributeValue> entry) {
    return entry.getKey() + "=" + entry.getValue().content();
  }
}
