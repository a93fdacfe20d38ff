package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.calibration.TargetProfile;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns every calibrated QuantStub into a FakeQuant, and quantizes the constants of the operators
 * behind it: weights by a FakeQuant of their own, the bias as int32 with the product of both
 * scales.
 *
 * <pre>
 *   s = QuantStub(x)              s = FakeQuant(x, sx, zx)
 *   y = Conv(s, w, b)      →      y = Conv(s, FakeQuant(w, sw, 0), DequantizeLinear(qb, sx·sw))
 * </pre>
 *
 * @param scheme element types, granularity and symmetry
 * @param floatBias whether biases stay float: lowering makes integers of them
 */
public record PlaceFakeQuant(QuantScheme scheme, boolean floatBias) implements Pass {
  private static final String NAME = "place-fake-quant";

  /** Biases become integers, except for TensorRT. */
  public PlaceFakeQuant(QuantScheme scheme) {
    this(scheme, scheme.target() == TargetProfile.TENSORRT);
  }

  /** For a graph that is trained further: biases stay float. */
  public static PlaceFakeQuant forTraining(QuantScheme scheme) {
    return new PlaceFakeQuant(scheme, true);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<GraphProperty> requires() {
    return Set.of(QuantProperties.CALIBRATED);
  }

  @Override
  public Set<GraphProperty> establishes() {
    return Set.of(QuantProperties.FAKE_QUANTIZED);
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    Map<Node, Interval> ranges = ScaleGroups.ranges(graph);
    return context.rewrite(
        graph,
        rewriter -> {
          ranges.forEach((stub, range) -> quantize(rewriter, stub, scheme.activation(range)));
          for (Node node : graph.nodes()) {
            if (node.calls(QuantOps.DEQUANT_STUB)) {
              Stubs.drop(NAME, rewriter, node);
            }
          }
          for (Node node : rewriter.nodes()) {
            if (QuantRole.of(node).equals(Optional.of(QuantRole.WEIGHTED))) {
              quantizeConstants(rewriter, node);
            }
          }
        });
  }

  private static void quantize(Rewriter rewriter, Node stub, QuantParams params) {
    rewriter.replace(
        NAME,
        List.of(stub),
        build -> {
          String name = stub.input(0).name();
          Value scale =
              build.constant(name + "_scale", Tensor.ofFloats(Shape.SCALAR, params.scale(0)));
          Value zeroPoint =
              build.constant(
                  name + "_zero_point",
                  Tensor.ofLongs(params.elementType(), Shape.SCALAR, params.zeroPoint(0)));
          build.define(
              stub.output(), QuantOps.FAKE_QUANT, Attributes.NONE, stub.input(0), scale, zeroPoint);
        },
        ErrorContract.quantization());
  }

  private void quantizeConstants(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QuantParams input = FakeQuants.params(graph, node.input(0));
    Tensor weights = graph.constant(node.input(WeightedOperator.WEIGHTS));
    if (input == null || weights == null) {
      return;
    }
    OutputChannels channels = OutputChannels.of(node, weights.shape());
    double @Nullable [] biases = WeightedOperator.biases(graph, node, channels.count());
    rewriter.replace(
        NAME,
        List.of(node),
        build -> {
          Value real = scaled(build, node, weights);
          Tensor realTensor = scaled(node, weights);
          WeightPlan plan = WeightPlan.of(scheme, realTensor, channels, input, biases);
          List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
          inputs.set(WeightedOperator.WEIGHTS, fakeQuantized(build, real, plan, channels.axis()));
          if (biases != null && !floatBias) {
            Value bias = node.input(WeightedOperator.BIAS);
            inputs.set(WeightedOperator.BIAS, bias(build, bias, plan, biases));
          }
          build.node(node.op(), withoutFactors(node, floatBias), inputs, node.outputs());
        },
        ErrorContract.quantization());
  }

  /** The weights times alpha, as a value. */
  private static Value scaled(ReplacementBuilder build, Node node, Tensor weights) {
    Value given = node.input(WeightedOperator.WEIGHTS);
    float factor = WeightedOperator.productFactor(node);
    if (factor == 1) {
      return given;
    }
    double[] values = weights.toDoubles();
    double[] magnitudes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
      magnitudes[i] = Math.abs(values[i]);
    }
    return build.computed(
        given.name() + "_scaled", ElementType.FLOAT, weights.shape(), values, 1, magnitudes);
  }

  /** The weights times alpha. */
  static Tensor scaled(Node node, Tensor weights) {
    float factor = WeightedOperator.productFactor(node);
    if (factor == 1) {
      return weights;
    }
    double[] values = weights.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return Tensor.ofDoubles(ElementType.FLOAT, weights.shape(), values);
  }

  /** Attributes without the factors that weights and bias hold now. */
  private static Attributes withoutFactors(Node node, boolean floatBias) {
    if (!WeightedOperator.isGemm(node)) {
      return node.attributes();
    }
    Attributes attributes = node.attributes().without(WeightedOperator.ALPHA.name());
    return floatBias ? attributes : attributes.without(WeightedOperator.BETA.name());
  }

  private static Value fakeQuantized(
      ReplacementBuilder build, Value real, WeightPlan plan, int axis) {
    Attributes attributes =
        plan.params().isPerTensor()
            ? Attributes.NONE
            : Attributes.NONE.with(QuantizeLinear.AXIS, (long) axis);
    return build.call(
        real.name() + "_fake_quantized",
        QuantOps.FAKE_QUANT,
        attributes,
        real,
        build.constant(real.name() + "_scale", plan.scaleTensor()),
        build.constant(real.name() + "_zero_point", plan.zeroPointTensor()));
  }

  private static Value bias(
      ReplacementBuilder build, Value real, WeightPlan plan, double[] biases) {
    long[] integers = plan.bias() == null ? new long[biases.length] : plan.bias();
    Value quantized =
        build.constant(
            real.name() + "_quantized",
            Tensor.ofLongs(ElementType.INT32, Shape.of(integers.length), integers),
            ErrorBound.perElement(plan.biasDistances(biases)));
    Attributes attributes =
        plan.params().isPerTensor()
            ? Attributes.NONE
            : Attributes.NONE.with(QuantizeLinear.AXIS, 0L);
    return build.call(
        real.name() + "_dequantized",
        QuantOps.DEQUANTIZE_LINEAR,
        attributes,
        quantized,
        build.constant(real.name() + "_scale", plan.biasScaleTensor()));
  }
}
