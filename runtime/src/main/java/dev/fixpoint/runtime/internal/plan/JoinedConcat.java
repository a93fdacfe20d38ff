package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Concat, or a QConcat of equal parameters, that needs no step: what makes its parts writes them
 * to where they lie in the whole.
 *
 * @param parts the parts, in order
 * @param axis the axis along which they are joined
 */
record JoinedConcat(List<Value> parts, int axis) {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis").required();
  private static final OpId CONCAT = OpId.of("Concat");
  private static final OpId QUANTIZED = OpId.fixpoint("QConcat");
  private static final int FIRST_QUANTIZED = 2;
  private static final int INPUTS_OF_A_PART = 3;

  /** The concatenation that a node is, if it only joins bits; else null. */
  static @Nullable JoinedConcat of(Graph graph, Node node) {
    boolean quantized = node.opId().equals(QUANTIZED);
    if (!quantized && !node.opId().equals(CONCAT)) {
      return null;
    }
    List<Value> parts = new ArrayList<>();
    int step = quantized ? INPUTS_OF_A_PART : 1;
    for (int i = quantized ? FIRST_QUANTIZED : 0; i < node.inputs().size(); i += step) {
      Value part = node.inputs().get(i);
      boolean same = !quantized || (equal(graph, node, i + 1, 0) && equal(graph, node, i + 2, 1));
      if (part == null || !same || !isOwn(graph, part, parts)) {
        return null;
      }
      parts.add(part);
    }
    Shape whole = graph.type(node.output()).shape();
    boolean known =
        Buffer.isArrayType(graph.type(node.output()))
            && whole.elementCount() > 0
            && parts.stream()
                .allMatch(
                    part ->
                        graph.type(part).elementType() == graph.type(node.output()).elementType()
                            && graph.type(part).shape().isStatic());
    int axis = Math.toIntExact(Objects.requireNonNull(node.attributes().find(AXIS)));
    return known ? new JoinedConcat(parts, axis < 0 ? axis + whole.rank() : axis) : null;
  }

  private static boolean isOwn(Graph graph, Value part, List<Value> before) {
    return graph.constant(part) == null && !before.contains(part);
  }

  private static boolean equal(Graph graph, Node node, int left, int right) {
    Tensor a = constant(graph, node, left);
    Tensor b = constant(graph, node, right);
    if (a == null || b == null) {
      return !has(node, left) && !has(node, right);
    }
    return a.elementCount() == 1 && b.elementCount() == 1 && a.doubleAt(0) == b.doubleAt(0);
  }

  private static boolean has(Node node, int index) {
    return index < node.inputs().size() && node.inputs().get(index) != null;
  }

  private static @Nullable Tensor constant(Graph graph, Node node, int index) {
    Value value = index < node.inputs().size() ? node.inputs().get(index) : null;
    return value == null ? null : graph.constant(value);
  }
}
