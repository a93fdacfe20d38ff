package dev.fixpoint.ir;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Arity;
import dev.fixpoint.op.OpSchema.Parameter;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.ElementType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Checks every node against its operator's schema: inputs and outputs that must be there, element
 * types, attributes and their kinds. What {@link Graph#of} refuses is not checked again.
 */
public final class GraphVerifier {
  private final Graph graph;

  private GraphVerifier(Graph graph) {
    this.graph = graph;
  }

  /**
   * Verifies a graph and its subgraphs.
   *
   * @throws ModelException for the first node that cannot be right
   */
  public static void verify(Graph graph) {
    GraphVerifier verifier = new GraphVerifier(graph);
    graph.nodes().forEach(verifier::verify);
  }

  private void verify(Node node) {
    for (AttributeValue value : node.attributes().values().values()) {
      if (value instanceof AttributeValue.OfGraph of && of.value() instanceof GraphBody body) {
        verify(body.graph());
      }
    }
    if (node.op() instanceof OpaqueOp) {
      return;
    }
    OpSchema schema = node.op().schema();
    requireArity(node, "input", node.inputs(), schema.inputs());
    requireArity(node, "output", node.outputs(), schema.outputs());
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (input != null) {
        requireType(node, "input", i, input, schema.input(i));
      }
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      requireType(node, "output", i, node.output(i), schema.output(i));
    }
    requireAttributes(node, schema);
  }

  private static void requireArity(
      Node node, String what, List<?> given, List<Parameter> parameters) {
    boolean variadic = !parameters.isEmpty() && parameters.getLast().arity() == Arity.VARIADIC;
    if (given.size() > parameters.size() && !variadic) {
      throw ModelException.at(
          node,
          "has " + given.size() + " " + what + "s, at most " + parameters.size() + " allowed");
    }
    for (int i = 0; i < parameters.size(); i++) {
      boolean there = i < given.size() && given.get(i) != null;
      if (!there && parameters.get(i).arity() == Arity.REQUIRED) {
        throw ModelException.at(
            node, what + " " + i + " ('" + parameters.get(i).name() + "') is missing");
      }
    }
  }

  private void requireType(
      Node node, String what, int index, Value value, Optional<Parameter> parameter) {
    ElementType type = graph.type(value).elementType();
    if (type == ElementType.UNDEFINED || parameter.isEmpty()) {
      return;
    }
    if (!parameter.get().types().contains(type)) {
      throw ModelException.at(
          node,
          what
              + " "
              + index
              + " ('"
              + value.name()
              + "') has element type "
              + type.text()
              + ", which the operator does not take");
    }
  }

  private static void requireAttributes(Node node, OpSchema schema) {
    for (Attribute<?> key : schema.attributes()) {
      AttributeValue value = node.attributes().values().get(key.name());
      if (value == null && key.isRequired()) {
        throw ModelException.at(node, "attribute '" + key.name() + "' is missing");
      }
      if (value != null && !key.kind().isInstance(value)) {
        throw ModelException.at(
            node,
            "attribute '"
                + key.name()
                + "' should be "
                + kind(key.kind())
                + ", but is "
                + kind(value.getClass()));
      }
    }
    for (Map.Entry<String, AttributeValue> entry : node.attributes().values().entrySet()) {
      if (schema.attribute(entry.getKey()).isEmpty()) {
        throw ModelException.at(
            node, "attribute '" + entry.getKey() + "' is not one of this operator's; remove it");
      }
    }
  }

  private static String kind(Class<?> kind) {
    return kind.getSimpleName().substring(2).toLowerCase(Locale.ROOT);
  }
}
