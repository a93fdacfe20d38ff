package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a graph in ONNX's textual syntax, its operators as they are. */
final class TextWriter {
  private static final String STEP = "  ";

  private final Appendable out;
  private final boolean inferredTypes;

  /**
   * A writer.
   *
   * @param inferredTypes whether the types of values between the nodes are written
   */
  TextWriter(Appendable out, boolean inferredTypes) {
    this.out = out;
    this.inferredTypes = inferredTypes;
  }

  /** Writes a graph, with or without the model around it. */
  void model(Graph graph, boolean header) throws IOException {
    if (header) {
      header(WrittenOpsets.infoOf(graph), TextDocs.properties(graph));
    }
    graph(graph, WrittenNames.of(graph), "");
    out.append('\n');
  }

  private void header(ModelInfo info, Map<String, String> properties) throws IOException {
    List<String> entries = new ArrayList<>();
    entries.add("ir_version: " + info.irVersion());
    entries.add(
        "opset_import: "
            + info.opsets().entrySet().stream()
                .map(entry -> Spelling.quoted(entry.getKey()) + " : " + entry.getValue())
                .collect(Collectors.joining(", ", "[", "]")));
    entry("producer_name", info.producerName(), entries);
    entry("producer_version", info.producerVersion(), entries);
    entry("domain", info.domain(), entries);
    if (info.modelVersion() != 0) {
      entries.add("model_version: " + info.modelVersion());
    }
    entry("doc_string", info.docString(), entries);
    if (!properties.isEmpty()) {
      entries.add(
          properties.entrySet().stream()
              .map(
                  entry ->
                      Spelling.quoted(entry.getKey()) + " : " + Spelling.quoted(entry.getValue()))
              .collect(Collectors.joining(",\n    ", "metadata_props: [\n    ", "]")));
    }
    out.append("<\n  ").append(String.join(",\n  ", entries)).append("\n>\n");
  }

  private static void entry(String key, String value, List<String> entries) {
    if (!value.isEmpty()) {
      entries.add(key + ": " + Spelling.quoted(value));
    }
  }

  private void graph(Graph graph, WrittenNames names, String indent) throws IOException {
    out.append(TextNames.name(graph.name()))
        .append(declarations(graph, graph.inputs(), names))
        .append(" =>")
        .append(declarations(graph, graph.outputs(), names));
    constantsAndTypes(graph, names, indent);
    out.append(" {\n");
    for (Node node : graph.nodes()) {
      out.append(indent).append(STEP);
      node(node, names, indent + STEP);
      out.append('\n');
    }
    out.append(indent).append('}');
  }

  private static String declarations(Graph graph, List<Value> values, WrittenNames names) {
    return values.stream()
        .map(value -> declaration(graph, value, names))
        .collect(Collectors.joining(", ", " (", ")"));
  }

  private static String declaration(Graph graph, Value value, WrittenNames names) {
    String name = TextNames.name(names.of(value));
    TensorType type = graph.type(value);
    return type.equals(TensorType.UNKNOWN)
        ? name
        : TextNames.type(type, "value '" + value.name() + "'") + " " + name;
  }

  private void constantsAndTypes(Graph graph, WrittenNames names, String indent)
      throws IOException {
    String separator = " <\n" + indent + STEP;
    boolean any = false;
    for (Map.Entry<Value, Tensor> entry : graph.initializers().entrySet()) {
      String name = names.of(entry.getKey());
      out.append(any ? ",\n" + indent + STEP : separator);
      any = true;
      String place = "initializer '" + name + "'";
      out.append(TextNames.type(entry.getValue().type(), place))
          .append(' ')
          .append(TextNames.name(name))
          .append(" = ");
      TextElements.append(entry.getValue(), out, indent + STEP, place);
    }
    for (Value value : inferred(graph)) {
      out.append(any ? ",\n" + indent + STEP : separator).append(declaration(graph, value, names));
      any = true;
    }
    if (any) {
      out.append('\n').append(indent).append('>');
    }
  }

  private List<Value> inferred(Graph graph) {
    List<Value> values = new ArrayList<>();
    if (inferredTypes) {
      Set<Value> declared = new HashSet<>(graph.outputs());
      for (Node node : graph.nodes()) {
        for (Value output : node.outputs()) {
          if (declared.add(output) && graph.type(output).elementType() != ElementType.UNDEFINED) {
            values.add(output);
          }
        }
      }
    }
    return values;
  }

  private void node(Node node, WrittenNames names, String indent) throws IOException {
    if (!node.name().isEmpty()) {
      out.append('[').append(TextNames.word(node.name())).append("] ");
    }
    out.append(
            node.outputs().stream()
                .map(output -> TextNames.name(names.of(output)))
                .collect(Collectors.joining(", ")))
        .append(" = ")
        .append(TextNames.operator(node.opId()));
    if (!node.attributes().values().isEmpty()) {
      attributes(node, names, indent);
    }
    List<String> inputs = new ArrayList<>();
    for (@Nullable Value input : node.inputs()) {
      inputs.add(input == null ? "" : TextNames.name(names.of(input)));
    }
    out.append(" (").append(String.join(", ", inputs)).append(')');
  }

  private void attributes(Node node, WrittenNames names, String indent) throws IOException {
    String separator = " <";
    for (Map.Entry<String, AttributeValue> entry : node.attributes().values().entrySet()) {
      AttributeValue value = entry.getValue();
      out.append(separator)
          .append(TextNames.word(entry.getKey()))
          .append(": ")
          .append(AttributeKind.of(value.getClass()).text())
          .append(" = ");
      value(value, names, indent, "attribute '" + entry.getKey() + "' of " + node.describe());
      separator = ", ";
    }
    out.append('>');
  }

  private void value(AttributeValue value, WrittenNames names, String indent, String place)
      throws IOException {
    switch (value) {
      case AttributeValue.OfInt v -> out.append(Long.toString(v.value()));
      case AttributeValue.OfFloat v -> out.append(TextElements.text(v.value()));
      case AttributeValue.OfString v -> out.append(Spelling.quoted(v.value()));
      case AttributeValue.OfTensor v -> tensor(v.value(), indent, place);
      case AttributeValue.OfType v -> out.append(TextNames.type(v.value(), place));
      case AttributeValue.OfGraph v -> subgraph(v.value(), names, indent);
      case AttributeValue.OfInts v -> list(v.value(), number -> out.append(Long.toString(number)));
      case AttributeValue.OfFloats v ->
          list(v.value(), number -> out.append(TextElements.text(number)));
      case AttributeValue.OfStrings v -> list(v.value(), text -> out.append(Spelling.quoted(text)));
      case AttributeValue.OfTensors v -> list(v.value(), tensor -> tensor(tensor, indent, place));
      case AttributeValue.OfTypes v ->
          list(v.value(), type -> out.append(TextNames.type(type, place)));
      case AttributeValue.OfGraphs v -> list(v.value(), body -> subgraph(body, names, indent));
    }
  }

  /** Writes one element of a list. */
  private interface Element<T> {
    void append(T element) throws IOException;
  }

  private <T> void list(List<T> elements, Element<T> element) throws IOException {
    out.append('[');
    String separator = "";
    for (T one : elements) {
      out.append(separator);
      element.append(one);
      separator = ", ";
    }
    out.append(']');
  }

  private void tensor(Tensor tensor, String indent, String place) throws IOException {
    out.append(TextNames.type(tensor.type(), place)).append(' ');
    TextElements.append(tensor, out, indent, place);
  }

  private void subgraph(Body body, WrittenNames names, String indent) throws IOException {
    if (!(body instanceof GraphBody inner)) {
      throw new ModelException(
          "a subgraph attribute is no graph but "
              + body.getClass().getSimpleName()
              + "; write the model before it is bound for evaluation");
    }
    graph(inner.graph(), names.within(inner.graph()), indent + STEP);
  }
}
