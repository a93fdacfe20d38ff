package dev.fixpoint.onnx.internal;

import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph as it is written, by name.
 *
 * @param name name of the graph
 * @param docString documentation
 * @param inputs inputs in order; one that is an initializer as well is no input
 * @param outputs outputs in order
 * @param declared other values whose type is declared
 * @param initializers constants by name
 * @param nodes nodes in the order of the file
 */
public record SourceGraph(
    String name,
    String docString,
    List<Declaration> inputs,
    List<Declaration> outputs,
    List<Declaration> declared,
    Map<String, Tensor> initializers,
    List<SourceNode> nodes) {
  /**
   * The declared type of a value.
   *
   * @param name name of the value
   * @param type its type as far as declared
   */
  public record Declaration(String name, TensorType type) {}

  /** Keeps immutable copies in their order. */
  public SourceGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    declared = List.copyOf(declared);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    nodes = List.copyOf(nodes);
  }
}
