package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.internal.OlderForms.Later;
import dev.fixpoint.onnx.internal.OlderForms.OlderForm;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says a graph in an opset of the user's choice, or refuses: an operator must mean the same there.
 * The changed nodes have no definitions: such a graph is for writing only.
 */
final class OpsetLowering {
  private final Graph graph;
  private final int opset;

  private OpsetLowering(Graph graph, int opset) {
    this.graph = graph;
    this.opset = opset;
  }

  /**
   * The graph in an opset.
   *
   * @throws ModelException if an operator cannot be said in it, naming the node and the opset that
   *     can
   */
  static Graph lower(Graph graph, int opset) {
    if (opset < StandardOpsets.OLDEST || opset > StandardOpsets.NEWEST) {
      throw new ModelException(
          "opset "
              + opset
              + " is not known; choose one from "
              + StandardOpsets.OLDEST
              + " to "
              + StandardOpsets.NEWEST);
    }
    ModelInfo info = graph.info();
    Map<String, Long> opsets = new LinkedHashMap<>(info.opsets());
    opsets.put("", (long) opset);
    return new OpsetLowering(graph, opset)
        .run()
        .withInfo(WrittenOpsets.withFileVersion(info.withOpsets(opsets), 0));
  }

  private Graph run() {
    List<Node> nodes = new ArrayList<>();
    graph.nodes().forEach(node -> nodes.add(lowered(node)));
    return Graph.of(graph.parts().withNodes(nodes));
  }

  private Node lowered(Node node) {
    Node inside = withLoweredBodies(node);
    if (!node.opId().domain().isEmpty()) {
      return inside;
    }
    String operator = node.opId().name();
    long current = Math.max(graph.opset(""), StandardOpsets.first(operator));
    if (StandardOpsets.since(operator, opset) == StandardOpsets.since(operator, current)
        || opset >= current) {
      requireThere(node);
      return inside;
    }
    OlderForm form = OlderForms.find(operator);
    Node older = olderShape(inside);
    if (form != null && older != inside) {
      requireTypes(node, form, StandardOpsets.since(operator, current));
      return older;
    }
    if (form == null || opset < form.since()) {
      throw refused(
          node, "", form == null ? StandardOpsets.since(operator, current) : form.since());
    }
    requireTypes(node, form, StandardOpsets.since(operator, current));
    return withoutLater(inside, form);
  }

  private void requireThere(Node node) {
    int first = StandardOpsets.first(node.opId().name());
    if (first > opset) {
      throw refused(node, "", first);
    }
  }

  private ModelException refused(Node node, String part, long needed) {
    return ModelException.at(
        node, part + "cannot be said in opset " + opset + "; write opset " + needed + " or newer");
  }

  private void requireTypes(Node node, OlderForm form, long needed) {
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (input != null) {
        requireType(node, form, graph.type(input).elementType(), i > 0, needed);
      }
    }
    for (Value output : node.outputs()) {
      requireType(node, form, graph.type(output).elementType(), true, needed);
    }
  }

  /** Indices and conditions beside the data and as results are no data. */
  private void requireType(
      Node node, OlderForm form, ElementType type, boolean aside, long needed) {
    boolean isIndex =
        type == ElementType.INT64 || type == ElementType.INT32 || type == ElementType.BOOL;
    if (type != ElementType.UNDEFINED && !form.types().contains(type) && !(aside && isIndex)) {
      throw refused(node, "with " + type.text() + " tensors ", needed);
    }
  }

  private Node withoutLater(Node node, OlderForm form) {
    Attributes attributes = node.attributes();
    for (Later later : form.later()) {
      if (later.opset() <= opset) {
        continue;
      }
      if (later.input() >= 0 && node.hasInput(later.input())) {
        throw refused(node, "with input " + later.name() + " ", later.opset());
      }
      AttributeValue given = attributes.values().get(later.name());
      if (given != null && later.isValue(given) == later.excluded()) {
        throw refused(node, "with attribute '" + later.name() + "' ", later.opset());
      }
      if (given != null && !later.excluded()) {
        attributes = attributes.without(later.name());
      }
    }
    return with(node, attributes, node.inputs());
  }

  /**
   * The node with inputs that were attributes, or as it is where nothing of that kind is needed.
   */
  private Node olderShape(Node node) {
    String operator = node.opId().name();
    if (opset >= 11 && opset < axesAreInputSince(operator)) {
      return withAxesAttribute(node);
    }
    if (operator.equals("Split") && opset >= 13) {
      return with(node, node.attributes().without("num_outputs"), node.inputs());
    }
    return node;
  }

  private static int axesAreInputSince(String operator) {
    return switch (operator) {
      case "ReduceSum", "Squeeze", "Unsqueeze" -> 13;
      default -> operator.startsWith("Reduce") ? 18 : 0;
    };
  }

  private Node withAxesAttribute(Node node) {
    Value input = node.inputOrNull(1);
    AttributeValue noop = node.attributes().values().get("noop_with_empty_axes");
    Attributes attributes = node.attributes().without("noop_with_empty_axes");
    if (input == null) {
      if (noop != null && !noop.equals(new AttributeValue.OfInt(0))) {
        throw refused(node, "with attribute 'noop_with_empty_axes' ", 18);
      }
      return with(node, attributes, node.inputs());
    }
    Tensor axes = graph.constant(input);
    if (axes == null || axes.elementCount() == 0) {
      throw refused(node, "with axes that are no constant ", 18);
    }
    Map<String, AttributeValue> values = new LinkedHashMap<>(attributes.values());
    values.put("axes", new AttributeValue.OfInts(Arrays.stream(axes.toLongs()).boxed().toList()));
    return with(node, Attributes.of(values), node.inputs().subList(0, 1));
  }

  private static Node with(
      Node node, Attributes attributes, List<? extends @Nullable Value> inputs) {
    return new Node(
        node.name(),
        new OpaqueOp(node.opId()),
        attributes,
        inputs,
        node.outputs(),
        node.provenance(),
        node.docString());
  }

  private Node withLoweredBodies(Node node) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    boolean changed = false;
    for (Map.Entry<String, AttributeValue> entry : node.attributes().values().entrySet()) {
      AttributeValue value =
          switch (entry.getValue()) {
            case AttributeValue.OfGraph body -> new AttributeValue.OfGraph(lowered(body.value()));
            case AttributeValue.OfGraphs list ->
                new AttributeValue.OfGraphs(list.value().stream().map(this::lowered).toList());
            default -> entry.getValue();
          };
      changed |= value != entry.getValue();
      attributes.put(entry.getKey(), value);
    }
    return changed ? with(node, Attributes.of(attributes), node.inputs()) : node;
  }

  private Body lowered(Body body) {
    return body instanceof GraphBody inner
        ? new GraphBody(new OpsetLowering(inner.graph(), opset).run())
        : body;
  }
}
