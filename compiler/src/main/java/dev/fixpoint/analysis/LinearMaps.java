package dev.fixpoint.analysis;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The matrices of linear nodes, found once for each. */
final class LinearMaps {
  private final Map<Node, Optional<LinearMap>> maps = new HashMap<>();

  /**
   * The matrix of a node, or null where it would be too large.
   *
   * @param attributes attributes of the linear part
   * @param input shape of its first input, one sample
   * @param outputs number of elements of its result
   * @param others its other inputs
   */
  @Nullable LinearMap of(
      Node node, Attributes attributes, Shape input, long outputs, List<@Nullable Tensor> others) {
    return maps.computeIfAbsent(
            node,
            key -> Optional.ofNullable(LinearMap.of(key.op(), attributes, input, outputs, others)))
        .orElse(null);
  }
}
