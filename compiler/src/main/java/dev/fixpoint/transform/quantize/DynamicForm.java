package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A weighted operator on a tensor that DynamicQuantizeLinear quantizes, in standard operators:
 * integer product, Cast, scaling, bias, residual, activation.
 *
 * @param node the operator
 * @param weights its quantized weights
 */
record DynamicForm(Node node, DynamicWeights weights) {
  private static final Attribute<Long> TO = Attribute.ofInt("to");

  /** The integers as the integer product takes them. */
  private Tensor integers() {
    boolean transposed =
        WeightedOperator.isGemm(node) && node.attributes().isSet(WeightedOperator.TRANS_B);
    return transposed ? weights.transposed() : weights.integers();
  }

  /** Values by channel in a shape that broadcasts to the output. */
  private Tensor spread(float[] values) {
    if (values.length == 1) {
      return Tensor.ofFloats(Shape.SCALAR, values);
    }
    boolean channelsFirst = WeightedOperator.isConvolution(node);
    long[] sizes = new long[channelsFirst ? weights.integers().shape().rank() - 1 : 1];
    Arrays.fill(sizes, 1);
    sizes[0] = values.length;
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  /** One zero point for all weights; null where it is 0. */
  private @Nullable Tensor zeroPoint() {
    long zero = weights.params().zeroPoint(0);
    return zero == 0 ? null : Tensor.scalar(weights.params().elementType(), zero);
  }

  /** Adds the form to a replacement; it makes the node's output. */
  void build(ReplacementBuilder build, Value x, Value xScale, Value xZero) {
    String name = node.output().name();
    Value w = build.constant(name + "_weights", integers());
    Tensor zeroPoint = zeroPoint();
    Value wZero = zeroPoint == null ? null : build.constant(name + "_weights_zero", zeroPoint);
    boolean convolution = WeightedOperator.isConvolution(node);
    Attributes attributes =
        convolution
            ? node.attributes()
                .without(Activation.KIND.name())
                .without(Activation.PARAMETERS.name())
            : Attributes.NONE;
    OpDefinition product = convolution ? QuantOps.CONV_INTEGER : QuantOps.MAT_MUL_INTEGER;
    Value sums = build.call(name + "_sums", product, attributes, x, w, xZero, wZero);
    Attributes toFloat = Attributes.NONE.with(TO, (long) ElementType.FLOAT.code());
    Value real = build.call(name + "_real", StandardOps.CAST, toFloat, sums);
    Value step =
        build.call(
            name + "_step",
            StandardOps.MUL,
            Attributes.NONE,
            xScale,
            build.constant(name + "_weights_scale", spread(weights.params().scales())));
    Chain chain = new Chain(build, node, real);
    chain.then(StandardOps.MUL, Attributes.NONE, step);
    float[] bias = weights.bias();
    if (bias != null) {
      chain.then(StandardOps.ADD, Attributes.NONE, build.constant(name + "_bias", spread(bias)));
    }
    if (node.calls(StandardOps.FUSED_CONV) && node.hasInput(QuantRole.RESIDUAL)) {
      chain.then(StandardOps.ADD, Attributes.NONE, node.input(QuantRole.RESIDUAL));
    }
    activate(chain, build, Activation.of(node.attributes()));
    chain.end();
  }

  private static void activate(Chain chain, ReplacementBuilder build, Activation activation) {
    Attribute<Float> alpha = Attribute.ofFloat("alpha");
    Attribute<Float> beta = Attribute.ofFloat("beta");
    switch (activation) {
      case Activation.None _ -> {}
      case Activation.Relu _ -> chain.then(StandardOps.RELU, Attributes.NONE);
      case Activation.Clip clip ->
          chain.then(
              StandardOps.CLIP,
              Attributes.NONE,
              build.constant("low", Tensor.ofFloats(Shape.SCALAR, clip.low())),
              build.constant("high", Tensor.ofFloats(Shape.SCALAR, clip.high())));
      case Activation.LeakyRelu leaky ->
          chain.then(StandardOps.LEAKY_RELU, Attributes.NONE.with(alpha, leaky.alpha()));
      case Activation.HardSigmoid hard ->
          chain.then(
              StandardOps.HARD_SIGMOID,
              Attributes.NONE.with(alpha, hard.alpha()).with(beta, hard.beta()));
      case Activation.HardSwish _ -> chain.then(StandardOps.HARD_SWISH, Attributes.NONE);
      case Activation.Swish _ -> {
        Value real = chain.result();
        chain.then(StandardOps.SIGMOID, Attributes.NONE);
        chain.then(StandardOps.MUL, Attributes.NONE, real);
      }
    }
  }

  /** Calls in a row, of which the last makes the node's output. */
  private static final class Chain {
    private final ReplacementBuilder build;
    private final Node node;
    private Value last;
    private @Nullable OpDefinition pending;
    private Attributes attributes = Attributes.NONE;
    private Value[] inputs = {};

    Chain(ReplacementBuilder build, Node node, Value first) {
      this.build = build;
      this.node = node;
      this.last = first;
    }

    /** The result so far, for several readers. */
    Value result() {
      if (pending != null) {
        last = build.call(node.output().name() + "_part", pending, attributes, inputs);
        pending = null;
      }
      return last;
    }

    void then(OpDefinition op, Attributes opAttributes, Value... more) {
      last = result();
      pending = op;
      attributes = opAttributes;
      inputs = new Value[more.length + 1];
      inputs[0] = last;
      System.arraycopy(more, 0, inputs, 1, more.length);
    }

    void end() {
      if (pending != null) {
        build.define(node.output(), pending, attributes, inputs);
      }
    }
  }
}
