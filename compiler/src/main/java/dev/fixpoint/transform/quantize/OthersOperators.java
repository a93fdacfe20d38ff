package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.op.OpId;

/**
 * Holds a lowered graph to what ONNX and ONNX Runtime define: every operator of this project's own
 * must have a form in theirs, which is what is written.
 */
public final class OthersOperators {
  private OthersOperators() {}

  /**
   * The graph, if every operator has such a form.
   *
   * @throws IllegalArgumentException if one has none
   */
  public static Graph of(Graph lowered) {
    for (Node node : lowered.nodes()) {
      boolean ours = OpId.FIXPOINT.equals(node.opId().domain());
      if (ours && node.op().expansion(TypeInference.call(lowered, node)) == null) {
        throw new IllegalArgumentException(
            node.describe()
                + " has no form in operators of ONNX and ONNX Runtime; leave the node in float, or"
                + " write float operators between Q and DQ");
      }
    }
    return lowered;
  }
}
