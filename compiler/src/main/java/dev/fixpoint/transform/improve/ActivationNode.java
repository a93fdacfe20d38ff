package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ReplacementBuilder;

/** An activation as a node of its own. */
final class ActivationNode {
  private ActivationNode() {}

  /** Whether an activation is none or has a node here. */
  static boolean has(Activation activation) {
    return activation instanceof Activation.None
        || activation instanceof Activation.Relu
        || activation instanceof Activation.LeakyRelu;
  }

  /**
   * Lets a node of the activation make a value; refuses one that has no single operator here.
   *
   * @param output an existing value
   * @param input what the function is taken of
   */
  static void define(ReplacementBuilder build, Value output, Activation activation, Value input) {
    switch (activation) {
      case Activation.Relu _ -> build.define(output, StandardOps.RELU, Attributes.NONE, input);
      case Activation.LeakyRelu leaky ->
          build.define(
              output,
              StandardOps.LEAKY_RELU,
              Attributes.NONE.with(Attribute.ofFloat("alpha", 0.01f), leaky.alpha()),
              input);
      default -> throw build.refuse("it ends with " + activation.kind());
    }
  }
}
