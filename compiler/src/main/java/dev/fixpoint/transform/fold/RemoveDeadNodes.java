package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import java.util.List;

/** Removes nodes whose outputs nobody reads. */
public final class RemoveDeadNodes implements Pass {
  @Override
  public String name() {
    return "remove-dead-nodes";
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(
        graph, rewriter -> graph.nodes().reversed().forEach(node -> remove(rewriter, node)));
  }

  private void remove(Rewriter rewriter, Node node) {
    boolean dead =
        node.outputs().stream()
            .allMatch(
                output ->
                    rewriter.graph().useCount(output) == 0 && !rewriter.graph().isOutput(output));
    if (dead) {
      rewriter.replace(name(), List.of(node), _ -> {}, ErrorContract.bitExact());
    }
  }
}
