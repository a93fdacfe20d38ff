package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The opsets that a file says: what the graph says, and at least what its operators need. */
final class WrittenOpsets {
  private final TreeSet<String> domains = new TreeSet<>();
  private long standard;

  private WrittenOpsets(long standard) {
    this.standard = standard;
  }

  /** The information of a graph with opsets and file version as its nodes need them. */
  static ModelInfo infoOf(Graph graph) {
    ModelInfo info = graph.info();
    WrittenOpsets needs =
        new WrittenOpsets(info.opsets().getOrDefault("", (long) OpsetImporter.OPSET));
    needs.visit(graph);
    Map<String, Long> opsets = new LinkedHashMap<>(info.opsets());
    for (String domain : needs.domains) {
      opsets.putIfAbsent(domain, 1L);
    }
    if (!needs.domains.contains(OpId.FIXPOINT)) {
      opsets.remove(OpId.FIXPOINT);
    }
    if (needs.domains.contains("")) {
      opsets.put("", needs.standard);
    }
    return withFileVersion(info.withOpsets(opsets));
  }

  /** The information with a file version that may hold its opset. */
  static ModelInfo withFileVersion(ModelInfo info) {
    return withFileVersion(info, info.irVersion());
  }

  /** The information with a file version that may hold its opset, and at least the given one. */
  static ModelInfo withFileVersion(ModelInfo info, long atLeast) {
    long opset = info.opsets().getOrDefault("", 0L);
    return new ModelInfo(
        Math.max(atLeast, StandardOpsets.irVersion(opset)),
        info.opsets(),
        info.producerName(),
        info.producerVersion(),
        info.domain(),
        info.modelVersion(),
        info.docString(),
        info.graphDocString(),
        info.metadata());
  }

  private void visit(Graph graph) {
    for (Node node : graph.nodes()) {
      domains.add(node.opId().domain());
      if (node.opId().domain().isEmpty()) {
        standard = Math.max(standard, StandardOpsets.first(node.opId().name()));
      }
      for (AttributeValue value : node.attributes().values().values()) {
        switch (value) {
          case AttributeValue.OfGraph body -> visit(List.of(body.value()));
          case AttributeValue.OfGraphs bodies -> visit(bodies.value());
          default -> {}
        }
      }
    }
  }

  private void visit(List<Body> bodies) {
    for (Body body : bodies) {
      if (body instanceof GraphBody inner) {
        visit(inner.graph());
      }
    }
  }
}
