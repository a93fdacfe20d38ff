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
    ModelInfo info) {}
