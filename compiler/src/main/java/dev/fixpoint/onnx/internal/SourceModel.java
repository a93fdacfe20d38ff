package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelInfo;
import java.util.List;

/**
 * A model as it is written: values are names, operators are of the opset that the file says,
 * functions are not inlined. The step between any notation and a graph.
 *
 * @param info what the file says besides the graph
 * @param graph the main graph
 * @param functions operators that the file spells out itself
 */
public record SourceModel(ModelInfo info, SourceGraph graph, List<SourceFunction> functions) {
  /** Keeps an immutable copy. */
  public SourceModel {
    functions = List.copyOf(functions);
  }
}
