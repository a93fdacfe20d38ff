package dev.fixpoint.ir;

import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;

/**
 * The parts from which {@link Graph#of} makes a graph. For builders, readers and the rewriter.
 *
 * @param name name of the graph
 * @param inputs inputs, in order
 * @param outputs outputs, in order; one value may be given twice
 * @param captures values of enclosing graphs that this one reads
 * @param nodes nodes in any order
 * @param initializers constants
 * @param types what is declared of the types of values; inference refines it
 * @param info what the file says besides
 */
public record GraphParts(
    String name,
    List<Value> inputs,
    List<Value> outputs,
    List<Value> captures,
    List<Node> nodes,
    Map<Value, Tensor> initializers,
    Map<Value, TensorType> types,
    ModelInfo info) {
  /** These parts with other outputs. */
  public GraphParts withOutputs(List<Value> newOutputs) {
    return new GraphParts(name, inputs, newOutputs, captures, nodes, initializers, types, info);
  }

  /** These parts with other nodes, in any order. */
  public GraphParts withNodes(List<Node> newNodes) {
    return new GraphParts(name, inputs, outputs, captures, newNodes, initializers, types, info);
  }

  /** These parts with other constants. */
  public GraphParts withInitializers(Map<Value, Tensor> newInitializers) {
    return new GraphParts(name, inputs, outputs, captures, nodes, newInitializers, types, info);
  }

  /** These parts with other declared types. */
  public GraphParts withTypes(Map<Value, TensorType> newTypes) {
    return new GraphParts(name, inputs, outputs, captures, nodes, initializers, newTypes, info);
  }

  /** These parts with something else said besides. */
  public GraphParts withInfo(ModelInfo newInfo) {
    return new GraphParts(name, inputs, outputs, captures, nodes, initializers, types, newInfo);
  }
}
