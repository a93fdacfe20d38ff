package dev.fixpoint.transform.fold;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces nodes whose result is known by constants: nodes with constant inputs by evaluating them
 * in reference semantics, and nodes that describe shapes by what shape inference knows.
 *
 * <p>Left alone: DequantizeLinear and fake quantizers (a float copy of int8 weights would undo the
 * quantization), random nodes and nodes with random subgraphs, and nodes that would make a large
 * constant out of a small one.
 */
public final class FoldConstants implements Pass {
  private static final long LARGE = 64 * 1024;
  private static final Set<OpId> KEPT =
      Set.of(QuantOps.DEQUANTIZE_LINEAR.id(), QuantOps.FAKE_QUANT.id(), QuantOps.QONNX_QUANT.id());

  @Override
  public String name() {
    return "fold-constants";
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(graph, rewriter -> graph.nodes().forEach(node -> fold(rewriter, node)));
  }

  private void fold(Rewriter rewriter, Node node) {
    Optional<List<Tensor>> known = known(rewriter.graph(), node);
    known.ifPresent(
        tensors ->
            rewriter.replace(
                name(),
                List.of(node),
                build -> {
                  for (int i = 0; i < tensors.size(); i++) {
                    build.define(node.output(i), tensors.get(i));
                  }
                },
                ErrorContract.bitExact()));
  }

  private static Optional<List<Tensor>> known(GraphView graph, Node node) {
    boolean foldable =
        NodeKey.isRepeatable(node)
            && !KEPT.contains(node.opId())
            && node.captures().isEmpty()
            && node.outputs().stream().noneMatch(graph::isOutput);
    if (!foldable) {
      return Optional.empty();
    }
    Optional<List<Tensor>> shape = knownShape(graph, node);
    return shape.isPresent() ? shape : evaluated(graph, node);
  }

  private static Optional<List<Tensor>> knownShape(GraphView graph, Node node) {
    ShapeValue value = graph.shapeValue(node.output());
    long @Nullable [] numbers = value == null ? null : value.numbers();
    ElementType type = graph.type(node.output()).elementType();
    if (value == null || numbers == null || node.outputs().size() > 1 || !type.isInteger()) {
      return Optional.empty();
    }
    Shape shape = value.scalar() ? Shape.SCALAR : Shape.of(numbers.length);
    return Optional.of(List.of(Tensor.ofLongs(type, shape, numbers)));
  }

  private static Optional<List<Tensor>> evaluated(GraphView graph, Node node) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    long bytes = 0;
    for (Value input : node.inputs()) {
      Tensor constant = input == null ? null : graph.constant(input);
      if (input != null && constant == null) {
        return Optional.empty();
      }
      inputs.add(constant);
      bytes += constant == null ? 0 : size(constant);
    }
    if (outputBytes(graph, node) > Math.max(bytes, LARGE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ReferenceInterpreter.evaluate(node, inputs).subList(0, node.outputs().size()));
    } catch (ModelException e) {
      throw new ModelException("cannot fold " + e.getMessage(), e);
    }
  }

  private static long size(Tensor tensor) {
    return tensor.elementType() == ElementType.STRING
        ? tensor.elementCount()
        : tensor.data().byteSize();
  }

  /** Bytes of all outputs as inferred from the constants; 0 where a shape is only known after. */
  private static long outputBytes(GraphView graph, Node node) {
    return TypeInference.inferTypes(node, TypeInference.call(graph, node)).stream()
        .filter(type -> type.shape().isStatic())
        .mapToLong(type -> type.elementType().bytes(type.shape().elementCount()))
        .sum();
  }
}
