package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.Pad;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Graphs that widely used quantizers get wrong. */
class KnownFailuresTest {
  private static final QuantScheme SCHEME = QuantScheme.DEFAULT;

  /**
   * The most that quantizing one product can move it: half a step of each operand times the other,
   * the product of both, half a step of the bias, and the float32 roundings.
   */
  private static double bound(Graph fake, Node product, int columns) {
    Node x = required(fake.producer(product.input(0)));
    Node w = required(fake.producer(product.input(1)));
    double xScale = constant(fake, x.input(1)).doubleAt(0);
    Tensor wScales = constant(fake, w.input(1));
    Tensor weights = constant(fake, w.input(0));
    int depth = (int) weights.elementCount() / columns;
    double largest = 0;
    for (double weight : weights.toDoubles()) {
      largest = Math.max(largest, Math.abs(weight));
    }
    double wScale = 0;
    for (double scale : wScales.toDoubles()) {
      wScale = Math.max(wScale, scale);
    }
    double inputs = 255 * xScale;
    double exact = depth * (xScale / 2 * largest + inputs * wScale / 2 + xScale * wScale / 4);
    return exact + xScale * wScale + depth * largest * inputs * 0x1p-22;
  }

  private static Node required(@Nullable Node node) {
    assertThat(node).isNotNull();
    return node;
  }

  private static Tensor constant(Graph graph, Value value) {
    Tensor tensor = graph.constant(value);
    assertThat(tensor).isNotNull();
    return tensor;
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1", "0.5, 3", "-1.5, 0.25", "1, 0"})
  void gemmFactorsReachWeightsAndBias(float alpha, float beta) {
    GraphBuilder g = new GraphBuilder("gemm");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 3, 8));
    Value w = g.constant("w", Quantization.random(1, 1, 8, 5));
    Value b = g.constant("b", Quantization.random(2, 4, 5));
    Attributes factors =
        Attributes.NONE.with(WeightedOperator.ALPHA, alpha).with(WeightedOperator.BETA, beta);
    Graph plain = g.output(g.call("y", StandardOps.GEMM, factors, x, w, b)).build();
    Tensor sample = Quantization.random(3, 1, 3, 8);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(Quantization.count(q.lowered(), QuantOps.Q_GEMM)).isEqualTo(1);
    double bound = bound(q.fake(), Quantization.only(q.fake(), StandardOps.GEMM), 5);
    assertThat(
            Quantization.largestDifference(
                Quantization.evaluate(plain, sample), Quantization.evaluate(q.lowered(), sample)))
        .isLessThanOrEqualTo(bound);
  }

  /** A rectifier must not be erased where its argument has another reader. */
  @Test
  void theArgumentOfARectifierKeepsItsNegativePart() {
    GraphBuilder g = new GraphBuilder("branch");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 1, 4, 4));
    Value w = g.constant("w", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1));
    Value c = g.call("c", StandardOps.CONV, Attributes.NONE, x, w);
    Value r = g.call("r", StandardOps.RELU, Attributes.NONE, c);
    Value s = g.call("s", StandardOps.ADD, Attributes.NONE, c, r);
    Value y = g.call("y", StandardOps.CONV, Attributes.NONE, s, w);
    Graph plain = g.output(y).build();
    Tensor sample = Quantization.random(6, 3, 1, 1, 4, 4);

    Graph lowered = Quantization.of(plain, SCHEME, sample).lowered();

    // Five values are rounded to a grid of range / 255 each, on the way to twice the range.
    assertThat(
            Quantization.largestDifference(
                Quantization.evaluate(plain, sample), Quantization.evaluate(lowered, sample)))
        .isLessThan(5 * 9.0 / 255);
  }

  /**
   * With symmetric activations zero lies in the middle, and the rectifier still has to cut there.
   */
  @Test
  void symmetricActivationsKeepTheRectifier() {
    QuantScheme symmetric =
        SCHEME.withTypes(ElementType.INT8, ElementType.INT8).withSymmetricActivations(true);
    GraphBuilder g = new GraphBuilder("relu");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 1, 4, 4));
    Value w = g.constant("w", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1));
    Attributes relu = new Activation.Relu().addTo(Attributes.NONE);
    Value c = g.call("c", StandardOps.FUSED_CONV, relu, x, w);
    Value y = g.call("y", StandardOps.CONV, Attributes.NONE, c, w);
    Graph plain = g.output(y).build();
    Tensor sample = Quantization.random(7, 3, 1, 1, 4, 4);

    Graph lowered = Quantization.of(plain, symmetric, sample).lowered();

    for (double value : Quantization.evaluate(lowered, sample).toDoubles()) {
      assertThat(value).isNotNegative();
    }
  }

  /** One bias read by two convolutions whose scales differ. */
  @Test
  void aSharedBiasIsQuantizedForEachReader() {
    GraphBuilder g = new GraphBuilder("shared");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 1, 4, 4));
    Value w1 = g.constant("w1", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 100));
    Value w2 = g.constant("w2", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 0.01f));
    Value b = g.constant("b", Tensor.ofFloats(Shape.of(1), 3));
    Value c = g.call("c", StandardOps.CONV, Attributes.NONE, x, w1, b);
    Value y = g.call("y", StandardOps.CONV, Attributes.NONE, c, w2, b);
    Graph plain = g.output(y).build();
    Tensor sample = Quantization.random(8, 1, 1, 1, 4, 4);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    // Both quantizers have steps of about 2 / 255 in units of the output.
    assertThat(
            Quantization.largestDifference(
                Quantization.evaluate(plain, sample), Quantization.evaluate(q.lowered(), sample)))
        .isLessThan(4.0 / 255);
  }

  @Test
  void aBiasOfOneRowIsTakenAndOneThatDiffersByRowIsNot() {
    for (long rows : new long[] {1, 3}) {
      GraphBuilder g = new GraphBuilder("rows");
      Value x = g.input("x", TensorType.of(ElementType.FLOAT, 3, 8));
      Value w = g.constant("w", Quantization.random(1, 1, 8, 5));
      Value b = g.constant("b", Quantization.random(2, 1, rows, 5));
      Graph plain = g.output(g.call("y", StandardOps.GEMM, Attributes.NONE, x, w, b)).build();

      Quantization q = Quantization.of(plain, SCHEME, Quantization.random(3, 1, 3, 8));

      assertThat(Quantization.count(q.lowered(), QuantOps.Q_GEMM)).isEqualTo(rows == 1 ? 1 : 0);
    }
  }

  /** Weights that nobody quantized stay as they are. */
  @Test
  void floatWeightsBetweenQuantizersStayFloat() {
    GraphBuilder g = new GraphBuilder("float-weights");
    Value x = g.input("x", TensorType.of(ElementType.UINT8, 1, 1, 4, 4));
    Value s = g.constant("s", Tensor.ofFloats(Shape.SCALAR, 0.1f));
    Value z = g.constant("z", Tensor.scalar(ElementType.UINT8, 9));
    Value d = g.call("d", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, x, s, z);
    Value w = g.constant("w", Quantization.random(1, 1, 2, 1, 3, 3));
    Value c = g.call("c", StandardOps.CONV, Attributes.NONE, d, w);
    Value y = g.call("y", QuantOps.QUANTIZE_LINEAR, Attributes.NONE, c, s, z);
    Graph plain = g.output(y).build();

    Graph lowered = Quantization.lower(plain);

    assertThat(Quantization.count(lowered, StandardOps.CONV)).isEqualTo(1);
  }

  /** A dequantizer and a quantizer with other parameters are two roundings and stay two. */
  @Test
  void pairsWithOtherParametersAreRequantizedNotMerged() {
    GraphBuilder g = new GraphBuilder("pairs");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 512));
    Value first = pair(g, x, 0.02f, 100);
    Value second = pair(g, first, 0.015f, 90);
    Value third = pair(g, second, 0.015f, 90);
    Graph plain = g.output(third).build();
    Tensor sample = Quantization.random(9, 4, 512);

    Graph lowered = Quantization.lower(plain);

    assertThat(Quantization.evaluate(lowered, sample))
        .isEqualTo(Quantization.evaluate(plain, sample));
    assertThat(lowered.nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("QuantizeLinear", "Requantize", "DequantizeLinear");
  }

  private static Value pair(GraphBuilder g, Value x, float scale, long zeroPoint) {
    Value s = g.constant("s", Tensor.ofFloats(Shape.SCALAR, scale));
    Value z = g.constant("z", Tensor.scalar(ElementType.UINT8, zeroPoint));
    Value q = g.call("q", QuantOps.QUANTIZE_LINEAR, Attributes.NONE, x, s, z);
    return g.call("d", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, q, s, z);
  }

  /** Without a zero point a signed tensor stays signed on its way through Reshape. */
  @Test
  void negativeIntegersPassThroughReshape() {
    GraphBuilder g = new GraphBuilder("signed");
    Value x = g.input("x", TensorType.of(ElementType.INT8, 2, 2));
    Value s = g.constant("s", Tensor.ofFloats(Shape.SCALAR, 0.5f));
    Value d = g.call("d", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, x, s);
    Value shape = g.constant("shape", Tensor.vector(4));
    Value y = g.call("y", StandardOps.RESHAPE, Attributes.NONE, d, shape);
    Graph plain = g.output(y).build();
    Tensor sample = Tensor.ofLongs(ElementType.INT8, Shape.of(2, 2), -128, -1, 0, 127);

    Tensor result = Quantization.evaluate(Quantization.lower(plain), sample);

    assertThat(result.toFloats()).containsExactly(-64, -0.5f, 0, 63.5f);
  }

  /**
   * A bias whose scale is not the product of both scales, as exporters write it, keeps its value.
   */
  @Test
  void aBiasWithAForeignScaleKeepsItsValue() {
    GraphBuilder g = new GraphBuilder("foreign");
    Value x = g.input("x", TensorType.of(ElementType.UINT8, 1, 4));
    Value s = g.constant("s", Tensor.ofFloats(Shape.SCALAR, 0.1f));
    Value d = g.call("d", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, x, s);
    Value qw = g.constant("qw", Tensor.ofLongs(ElementType.INT8, Shape.of(4, 1), 1, 2, 3, 4));
    Value sw = g.constant("sw", Tensor.ofFloats(Shape.SCALAR, 0.01f));
    Value w = g.call("w", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, qw, sw);
    Value qb = g.constant("qb", Tensor.ofLongs(ElementType.INT32, Shape.of(1), 7));
    Value sb = g.constant("sb", Tensor.ofFloats(Shape.SCALAR, 0.5f));
    Value b = g.call("b", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, qb, sb);
    Graph plain = g.output(g.call("y", StandardOps.GEMM, Attributes.NONE, d, w, b)).build();
    Tensor sample = Tensor.ofLongs(ElementType.UINT8, Shape.of(1, 4), 10, 20, 30, 40);

    Graph lowered = Quantization.lower(plain);

    assertThat(Quantization.count(lowered, QuantOps.Q_GEMM)).isEqualTo(1);
    double step = 0.1f * 0.01f;
    assertThat(
            Quantization.largestDifference(
                Quantization.evaluate(plain, sample), Quantization.evaluate(lowered, sample)))
        .isLessThan(step);
  }

  @Test
  void blockedWeightsStayInFloat() {
    GraphBuilder g = new GraphBuilder("blocked");
    Value x = g.input("x", TensorType.of(ElementType.UINT8, 1, 4));
    Value s = g.constant("s", Tensor.ofFloats(Shape.SCALAR, 0.1f));
    Value d = g.call("d", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, x, s);
    Value qw = g.constant("qw", Tensor.ofLongs(ElementType.INT8, Shape.of(4, 1), 1, 2, 3, 4));
    Value sw = g.constant("sw", Tensor.ofFloats(Shape.of(2, 1), 0.01f, 0.02f));
    Attributes blocks =
        Attributes.NONE.with(QuantizeLinear.AXIS, 0L).with(QuantizeLinear.BLOCK_SIZE, 2L);
    Value w = g.call("w", QuantOps.DEQUANTIZE_LINEAR, blocks, qw, sw);
    Graph plain = g.output(g.call("y", StandardOps.MAT_MUL, Attributes.NONE, d, w)).build();

    assertThat(Quantization.count(Quantization.lower(plain), StandardOps.MAT_MUL)).isEqualTo(1);
  }

  /** A Pad that reflects does not read the float constant that it may have. */
  @Test
  void aPadThatReflectsRunsOnIntegersWhateverItsConstant() {
    GraphBuilder g = new GraphBuilder("pad");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 1, 2, 3));
    Value pads = g.constant("pads", Tensor.vector(0, 0, 0, 1, 0, 0, 0, 1));
    Value unread = g.constant("unread", Tensor.scalar(ElementType.FLOAT, -2.5));
    Attributes reflect = Attributes.NONE.with(Pad.MODE, "reflect");
    Value p = g.call("p", StandardOps.PAD, reflect, x, pads, unread);
    Value w = g.constant("w", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1));
    Value y = g.call("y", StandardOps.CONV, Attributes.NONE, p, w);
    Graph plain = g.output(y).build();
    Tensor sample = Tensor.ofFloats(Shape.of(1, 1, 2, 3), -4, -3, -2, -1, 0, 1);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(Quantization.count(q.lowered(), QuantOps.Q_CONV)).isEqualTo(1);
    assertThat(Quantization.evaluate(q.lowered(), sample).toDoubles()).hasSize(10);
  }

  /** A window of padding must not raise negative values to the zero point. */
  @Test
  void maxPoolPaddingIsLowerThanEveryInteger() {
    GraphBuilder g = new GraphBuilder("pool");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 1, 2, 2));
    Attributes window =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(3L, 3L))
            .with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L));
    Value p = g.call("p", StandardOps.MAX_POOL, window, x);
    Value w = g.constant("w", Tensor.ofFloats(Shape.of(1, 1, 1, 1), 1));
    Value y = g.call("y", StandardOps.CONV, Attributes.NONE, p, w);
    Graph plain = g.output(y).build();
    Tensor sample = Tensor.ofFloats(Shape.of(1, 1, 2, 2), -4, -3, -2, -1);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(Quantization.count(q.lowered(), QuantOps.Q_CONV)).isEqualTo(1);
    for (double value : Quantization.evaluate(q.lowered(), sample).toDoubles()) {
      assertThat(value).isBetween(-1 - 4.0 / 255, -1 + 4.0 / 255);
    }
  }
}
