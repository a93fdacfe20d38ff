package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The documentation of a graph, its nodes and subgraphs as properties of the model. */
final class TextDocs {
  private final Map<String, String> properties;

  private TextDocs(Map<String, String> properties) {
    this.properties = new LinkedHashMap<>(properties);
  }

  /**
   * The properties of the graph's model and those of its documentation.
   *
   * @throws ModelException if two documented parts, or one and a property, have the same key
   */
  static Map<String, String> properties(Graph graph) {
    TextDocs docs = new TextDocs(graph.info().metadata());
    docs.visit(graph, DocKeys.MAIN, WrittenNames.of(graph));
    return docs.properties;
  }

  private void visit(Graph graph, String path, WrittenNames names) {
    put(path, graph.info().graphDocString());
    for (Node node : graph.nodes()) {
      String first = node.outputs().isEmpty() ? "" : names.of(node.output());
      String nodePath = DocKeys.node(path, first);
      put(nodePath, node.docString());
      node.attributes()
          .values()
          .forEach(
              (name, value) -> {
                switch (value) {
                  case AttributeValue.OfGraph body ->
                      visit(body.value(), DocKeys.subgraph(nodePath, name, -1), names);
                  case AttributeValue.OfGraphs bodies ->
                      visit(bodies.value(), nodePath, name, names);
                  default -> {}
                }
              });
    }
  }

  private void visit(List<Body> bodies, String nodePath, String name, WrittenNames names) {
    for (int i = 0; i < bodies.size(); i++) {
      visit(bodies.get(i), DocKeys.subgraph(nodePath, name, i), names);
    }
  }

  private void visit(Body body, String path, WrittenNames names) {
    if (body instanceof GraphBody inner) {
      visit(inner.graph(), path, names.within(inner.graph()));
    }
  }

  private void put(String path, String doc) {
    if (doc.isEmpty()) {
      return;
    }
    String other = properties.putIfAbsent(DocKeys.key(path), doc);
    if (other != null && !other.equals(doc)) {
      throw new ModelException(
          "the documentation of '"
              + path
              + "' would be the property '"
              + DocKeys.key(path)
              + "' of the text, which there is already; rename the value or remove the property");
    }
  }
}
