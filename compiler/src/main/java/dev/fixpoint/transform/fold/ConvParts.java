package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;

/** A convolution with constant weights and a constant for each output channel beside its result. */
final class ConvParts {
  static final Capture<Node> CONV = Capture.ofNode("conv");
  static final Capture<Value> X = Capture.ofValue("x");
  static final Capture<Value> W = Capture.ofValue("w");
  static final Capture<Value> B = Capture.ofValue("b");

  private ConvParts() {}

  /** One number for each output channel, or for all. */
  static ChannelConstant constant(String name) {
    return new ChannelConstant(
        Capture.ofValue(name),
        CONV,
        1,
        match -> match.constant(W).shape().rank(),
        match -> match.constant(W).shape().intSize(0));
  }

  /** {@code op(Conv(x, w, b?), c)} in either order, where nothing else reads the convolution. */
  static OpPattern with(OpDefinition op, ChannelConstant c) {
    return Patterns.op(op)
        .inputs(
            Patterns.op(StandardOps.CONV)
                .capture(CONV)
                .singleUse()
                .inputs(Patterns.any(X), Patterns.constant(W), Patterns.optionalConstant(B)),
            Patterns.constant(c.constant()))
        .commutative();
  }
}
