package dev.fixpoint.examples

import dev.fixpoint.ir.Graph
import dev.fixpoint.ir.Value
import dev.fixpoint.op.standard.StandardOps
import dev.fixpoint.pass.Pass
import dev.fixpoint.pass.PassContext
import dev.fixpoint.rewrite.ErrorContract
import dev.fixpoint.rewrite.Rewriter

/** A pass of one's own in Kotlin: removes additions of a scalar 0. */
class DropZeroAdds : Pass {
  override fun name() = "drop-zero-adds"

  override fun transform(graph: Graph, context: PassContext): Graph =
    context.rewrite(graph) { rewriter ->
      graph
        .nodes()
        .filter { it.calls(StandardOps.ADD) && !graph.isOutput(it.output()) }
        .forEach { node ->
          val kept = node.inputs().filterNotNull().filterNot { rewriter.isZero(it) }
          if (kept.size == 1) {
            rewriter.replace(
              name(),
              listOf(node),
              { it.substitute(node.output(), kept.single()) },
              ErrorContract.realIdentity(),
            )
          }
        }
    }

  private fun Rewriter.isZero(value: Value): Boolean {
    val constant = graph().constant(value) ?: return false
    return constant.shape().rank() == 0 && constant.get() == 0.0
  }
}
