package dev.fixpoint.examples

import dev.fixpoint.op.standard.StandardOps
import dev.fixpoint.rewrite.Capture
import dev.fixpoint.rewrite.ErrorContract
import dev.fixpoint.rewrite.Patterns
import dev.fixpoint.rewrite.RewriteRule

private val X = Capture.ofValue("x")

/** A rule of one's own in Kotlin: what exp gives is never negative. */
val DROP_RELU_OF_EXP: RewriteRule =
  RewriteRule
    .named("drop-relu-of-exp")
    .doc("Relu(exp(x)) = exp(x)")
    .match(
      Patterns.op(StandardOps.RELU).input(0, Patterns.op(StandardOps.EXP).singleUse().input(0, X)),
    )
    .replaceWith { match, build ->
      val exp = checkNotNull(match.graph().producer(match.root().input(0)))
      build.define(match.root().output(), StandardOps.EXP, exp.attributes(), match[X])
    }.within(ErrorContract.bitExact())
