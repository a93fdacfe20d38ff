package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
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
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A weighted operator on a dynamically quantized input, in standard operators: integer product,
 * Cast, scaling, bias, residual, activation.
 *
 * @param node the operator
 * @param integers its quantized weights, as the integer product takes them
 * @param scale scale of the weights, in a shape that broadcasts to the output
 * @param zeroPoint zero point of the weights; null where it is 0
 * @param bias real bias in a shape that broadcasts to the output, or null
 * @param weightError how far the weights are from those meant
 */
record DynamicForm(
    Node node,
    Tensor integers,
    Tensor scale,
    @Nullable Tensor zeroPoint,
    @Nullable Tensor bias,
    ErrorBound weightError) {
  private static final Attribute<Long> TO = Attribute.ofInt("to");

  /** The form of a node with constant weights. */
  static DynamicForm of(Graph graph, QuantScheme scheme, Node node) {
    Tensor given = graph.constant(node.input(WeightedOperator.WEIGHTS));
    if (given == null) {
      throw new IllegalArgumentException(node.describe() + " has no constant weights");
    }
    Tensor weights = PlaceFakeQuant.scaled(node, given);
    int axis = WeightedOperator.channelAxis(node, weights.shape());
    QuantParams bytes = QuantParams.perTensor(ElementType.UINT8, 1, 0);
    WeightPlan plan = WeightPlan.of(scheme, weights, axis, bytes, null);
    Tensor integers = plan.params().quantize(weights);
    double[] quantized = plan.params().dequantize(integers).toDoubles();
    double factor = Math.abs(WeightedOperator.productFactor(node));
    double largest = 0;
    for (int i = 0; i < quantized.length; i++) {
      largest = Math.max(largest, Math.abs(quantized[i] - weights.doubleAt(i)));
    }
    boolean transposed =
        WeightedOperator.isGemm(node) && node.attributes().isSet(WeightedOperator.TRANS_B);
    int channels = axis < 0 ? 1 : weights.shape().intSize(axis);
    double @Nullable [] biases = WeightedOperator.biases(graph, node, channels);
    return new DynamicForm(
        node,
        transposed ? transposed(integers) : integers,
        spread(node, weights.shape(), plan.params().scales()),
        plan.params().zeroPoint(0) == 0 ? null : plan.zeroPointTensor(),
        biases == null ? null : spread(node, weights.shape(), floats(biases)),
        ErrorBound.uniform(factor == 0 ? 0 : Math.nextUp(largest / factor)));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /**
   * Values by channel in a shape that broadcasts to the output: channels come first after a Conv.
   */
  private static Tensor spread(Node node, Shape weights, float[] values) {
    if (values.length == 1) {
      return Tensor.ofFloats(Shape.SCALAR, values);
    }
    long[] sizes = new long[WeightedOperator.isConvolution(node) ? weights.rank() - 1 : 1];
    Arrays.fill(sizes, 1);
    sizes[0] = values.length;
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  private static Tensor transposed(Tensor matrix) {
    int rows = matrix.shape().intSize(0);
    int columns = matrix.shape().intSize(1);
    long[] values = new long[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i % columns * rows + i / columns] = matrix.longAt(i);
    }
    return Tensor.ofLongs(matrix.elementType(), Shape.of(columns, rows), values);
  }

  /** Adds the form to a replacement; it makes the node's output. */
  void build(ReplacementBuilder build, Value x, Value xScale, Value xZero) {
    String name = node.output().name();
    Value w = build.constant(name + "_weights", integers);
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
            build.constant(name + "_weights_scale", scale));
    Chain chain = new Chain(build, node, real);
    chain.then(StandardOps.MUL, Attributes.NONE, step);
    if (bias != null) {
      chain.then(StandardOps.ADD, Attributes.NONE, build.constant(name + "_bias", bias));
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

    void then(OpDefinition op, Attributes opAttributes, Value... more) {
      if (pending != null) {
        last = build.call(node.output().name() + "_part", pending, attributes, inputs);
      }
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
