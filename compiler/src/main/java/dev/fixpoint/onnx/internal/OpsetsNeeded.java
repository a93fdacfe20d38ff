package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelInfo;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which opsets a model has after its operators are lifted. */
final class OpsetsNeeded {
  private final FunctionTable functions;
  private final Set<String> domains = new TreeSet<>();
  private final Set<SourceFunction> seen = new HashSet<>();
  private long needed = OpsetImporter.OPSET;

  private OpsetsNeeded(FunctionTable functions) {
    this.functions = functions;
  }

  /**
   * The information of a model after the lift: opset {@value OpsetImporter#OPSET}, or the smallest
   * that holds the forms that its nodes have; the other domains as they are, with those of
   * functions.
   */
  static ModelInfo infoAfter(SourceModel model, FunctionTable functions) {
    ModelInfo info = model.info();
    Map<String, Long> opsets = new LinkedHashMap<>(info.opsets());
    OpsetsNeeded needs = new OpsetsNeeded(functions);
    needs.visit(model.graph().nodes(), info.opsets());
    for (SourceFunction function : model.functions()) {
      function.opsets().forEach((domain, opset) -> opsets.merge(domain, opset, Math::max));
    }
    needs.domains.forEach(domain -> opsets.putIfAbsent(domain, 1L));
    opsets.computeIfPresent("", (_, _) -> needs.needed);
    return WrittenOpsets.withFileVersion(info.withOpsets(opsets));
  }

  /** The oldest opset of the standard domain that the model or one of its functions imports. */
  static long oldest(SourceModel model) {
    long oldest = model.info().opsets().getOrDefault("", Long.MAX_VALUE);
    for (SourceFunction function : model.functions()) {
      oldest = Math.min(oldest, function.opsets().getOrDefault("", Long.MAX_VALUE));
    }
    return oldest;
  }

  private void visit(List<SourceNode> nodes, Map<String, Long> opsets) {
    long opset = opsets.getOrDefault("", 0L);
    for (SourceNode node : nodes) {
      SourceFunction function = functions.find(node);
      if (function != null) {
        if (seen.add(function)) {
          visit(function.nodes(), function.opsets());
        }
      } else if (!node.op().equals(ConstantNodes.CONSTANT)) {
        domains.add(node.op().domain());
        if (node.op().domain().isEmpty()) {
          needed = Math.max(needed, StandardOpsets.form(node.op().name(), opset));
        }
      }
      for (SourceAttribute attribute : node.attributes().values()) {
        switch (attribute) {
          case SourceAttribute.OfGraph graph -> visit(graph.graph().nodes(), opsets);
          case SourceAttribute.OfGraphs graphs ->
              graphs.graphs().forEach(graph -> visit(graph.nodes(), opsets));
          case SourceAttribute.Plain _, SourceAttribute.Reference _ -> {}
        }
      }
    }
  }
}
