package dev.fixpoint.transform.fuse;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.HardSigmoid;
import dev.fixpoint.op.standard.LeakyRelu;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.Swish;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the activation that a node applies, where a fused operator can end with it. */
final class Activations {
  /** Operators that can be an activation. */
  static final OpId[] OPS = {
    StandardOps.RELU.id(),
    StandardOps.CLIP.id(),
    StandardOps.LEAKY_RELU.id(),
    StandardOps.HARD_SIGMOID.id(),
    StandardOps.HARD_SWISH.id(),
    StandardOps.SWISH.id()
  };

  private Activations() {}

  /** The activation of a node on float32, or empty where no fused operator has it. */
  static Optional<Activation> of(GraphView graph, Node node) {
    if (graph.type(node.output()).elementType() != ElementType.FLOAT) {
      return Optional.empty();
    }
    if (node.calls(StandardOps.RELU)) {
      return Optional.of(new Activation.Relu());
    }
    if (node.calls(StandardOps.LEAKY_RELU)) {
      return Optional.of(new Activation.LeakyRelu(node.get(LeakyRelu.ALPHA)));
    }
    if (node.calls(StandardOps.HARD_SIGMOID)) {
      return Optional.of(
          new Activation.HardSigmoid(node.get(HardSigmoid.ALPHA), node.get(HardSigmoid.BETA)));
    }
    if (node.calls(StandardOps.HARD_SWISH)) {
      return Optional.of(new Activation.HardSwish());
    }
    if (node.calls(StandardOps.SWISH)) {
      return node.get(Swish.ALPHA) == 1 ? Optional.of(new Activation.Swish()) : Optional.empty();
    }
    return node.calls(StandardOps.CLIP) ? clip(graph, node) : Optional.empty();
  }

  private static Optional<Activation> clip(GraphView graph, Node node) {
    Optional<Float> low = bound(graph, node.inputOrNull(1), -Float.MAX_VALUE);
    Optional<Float> high = bound(graph, node.inputOrNull(2), Float.MAX_VALUE);
    return low.flatMap(l -> high.map(h -> new Activation.Clip(l, h)));
  }

  private static Optional<Float> bound(GraphView graph, @Nullable Value value, float absent) {
    if (value == null) {
      return Optional.of(absent);
    }
    Tensor constant = graph.constant(value);
    boolean usable = constant != null && constant.elementCount() == 1;
    if (constant == null || !usable || Double.isNaN(constant.doubleAt(0))) {
      return Optional.empty();
    }
    return Optional.of((float) constant.doubleAt(0));
  }
}
