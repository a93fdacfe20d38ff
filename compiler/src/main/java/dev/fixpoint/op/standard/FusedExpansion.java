package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A fused operator spelled out: the weighted operator, an Add, an activation. */
final class FusedExpansion {
  private static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha");
  private static final Attribute<Float> BETA = Attribute.ofFloat("beta");

  private FusedExpansion() {}

  /**
   * The expansion of a call.
   *
   * @param weighted the operator that the fused one starts with
   * @param weightedInputs how many of the inputs it takes
   * @param added position of the input that is added to its result, if there is one
   */
  static Expansion of(OpCall call, OpId weighted, int weightedInputs, int added) {
    Activation activation = Activation.of(call.attributes());
    Expansion.Builder builder = Expansion.builder();
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < Math.min(weightedInputs, call.inputCount()); i++) {
      inputs.add(call.hasInput(i) ? Expansion.input(i) : "");
    }
    Attributes attributes =
        call.attributes().without(Activation.KIND.name()).without(Activation.PARAMETERS.name());
    boolean activated = !(activation instanceof Activation.None);
    boolean adds = call.hasInput(added);
    String last = Expansion.output(0);
    String sum = activated ? "sum" : last;
    String value = builder.call(weighted, attributes, inputs, adds ? "product" : sum);
    if (adds) {
      List<String> both = List.of(value, Expansion.input(added));
      value = builder.call(OpId.of("Add"), Attributes.NONE, both, sum);
    }
    if (activated) {
      activate(builder, activation, value, call.type(0).elementType());
    }
    return builder.build();
  }

  private static void activate(
      Expansion.Builder builder, Activation activation, String value, ElementType type) {
    List<String> inputs = new ArrayList<>(List.of(value));
    Attributes attributes = Attributes.NONE;
    switch (activation) {
      case Activation.Clip clip -> {
        inputs.add(builder.constant("low", Tensor.scalar(type, clip.low())));
        inputs.add(builder.constant("high", Tensor.scalar(type, clip.high())));
      }
      case Activation.LeakyRelu leaky -> attributes = attributes.with(ALPHA, leaky.alpha());
      case Activation.HardSigmoid hard ->
          attributes = attributes.with(ALPHA, hard.alpha()).with(BETA, hard.beta());
      case Activation.None _, Activation.Relu _, Activation.HardSwish _ -> {
        // These have neither parameters nor further inputs.
      }
      case Activation.Swish _ -> {
        // The operator Swish is younger than most consumers.
        List<String> gated =
            List.of(value, builder.call(OpId.of("Sigmoid"), attributes, inputs, "gate"));
        builder.call(OpId.of("Mul"), attributes, gated, Expansion.output(0));
        return;
      }
    }
    builder.call(OpId.of(activation.kind()), attributes, inputs, Expansion.output(0));
  }
}
