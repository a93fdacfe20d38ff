package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.calibration.CalibrationException;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stubs, fake quantizers and integer operators on small networks. */
class QuantizePipelineTest {
  private static final QuantScheme SCHEME = QuantScheme.DEFAULT;

  /** Conv with Relu, MaxPool, Conv with a residual, global mean, Flatten, Gemm. */
  private static Graph residualNetwork() {
    GraphBuilder g = new GraphBuilder("residual");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 2, 8, 8));
    Attributes pad = Attributes.NONE.with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L));
    Attributes relu = new Activation.Relu().addTo(pad);
    Value a =
        g.call("a", StandardOps.FUSED_CONV, relu, x, weights(g, "wa", 1, 4, 2, 3, 3), row(g, 4));
    Attributes two =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(2L, 2L))
            .with(WindowGeometry.STRIDES, List.of(2L, 2L));
    Value p = g.call("p", StandardOps.MAX_POOL, two, a);
    Value c =
        g.call("c", StandardOps.FUSED_CONV, relu, p, weights(g, "wc", 2, 4, 4, 3, 3), row(g, 4), p);
    Value m = g.call("m", StandardOps.GLOBAL_AVERAGE_POOL, Attributes.NONE, c);
    Value f = g.call("f", StandardOps.FLATTEN, Attributes.NONE, m);
    Attributes transposed = Attributes.NONE.with(WeightedOperator.TRANS_B, 1L);
    Value y = g.call("y", StandardOps.GEMM, transposed, f, weights(g, "wy", 3, 3, 4), row(g, 3));
    return g.output(y).build();
  }

  private static Value weights(GraphBuilder g, String name, long seed, long... sizes) {
    return g.constant(name, Quantization.random(seed, 0.5, sizes));
  }

  private static Value row(GraphBuilder g, int size) {
    return g.constant("b", Quantization.random(size, 0.2, size));
  }

  private static Tensor[] samples() {
    return new Tensor[] {
      Quantization.random(10, 1, 1, 2, 8, 8), Quantization.random(11, 1, 1, 2, 8, 8)
    };
  }

  @Test
  void stubsStandWhereIntegersBeginAndEndAndChangeNothing() {
    Graph plain = residualNetwork();
    Quantization q = Quantization.of(plain, SCHEME, samples());

    // x, a, p, c, m and f are read by integer operators; y leaves the graph.
    assertThat(Quantization.count(q.stubbed(), QuantOps.QUANT_STUB)).isEqualTo(6);
    assertThat(Quantization.count(q.stubbed(), QuantOps.DEQUANT_STUB)).isEqualTo(1);
    Tensor x = samples()[0];
    assertThat(Quantization.evaluate(q.stubbed(), x)).isEqualTo(Quantization.evaluate(plain, x));
    assertThat(q.stubbed().outputs()).isEqualTo(plain.outputs());
  }

  static List<QuantScheme> profiles() {
    return List.of(
        SCHEME,
        QuantScheme.TENSORRT,
        SCHEME.withTypes(ElementType.INT16, ElementType.INT8),
        SCHEME.withPerChannel(false));
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void insertingTwiceChangesNothing(QuantScheme scheme) {
    Quantization q = Quantization.of(residualNetwork(), scheme, samples());
    Graph file = OnnxReader.read(OnnxWriter.toBytes(q.fake()));

    for (Graph placed : List.of(q.stubbed(), q.fake(), file)) {
      assertThat(Quantization.run(q.context(), placed, new InsertQuantStubs(scheme)))
          .isSameAs(placed);
      assertThat(
              Quantization.run(
                  q.context(),
                  placed,
                  new InsertQuantStubs(scheme),
                  new CalibrateStubs(scheme, List.of(Map.of("x", samples()[0]))),
                  new PlaceFakeQuant(scheme)))
          .satisfies(again -> assertThat(placed == q.stubbed() || again == placed).isTrue());
    }
  }

  @Test
  void everyOperatorRunsOnIntegersAndTheLastOneGivesFloats() {
    Quantization q = Quantization.of(residualNetwork(), SCHEME, samples());

    assertThat(q.lowered().nodes())
        .extracting(node -> node.opId().toString())
        .containsExactly(
            "QuantizeLinear",
            "dev.fixpoint.QConv",
            "MaxPool",
            "dev.fixpoint.QConv",
            "dev.fixpoint.QGlobalAveragePool",
            "Flatten",
            "dev.fixpoint.QGemm");
    Node last = q.lowered().nodes().getLast();
    assertThat(last.hasInput(7)).as("an output scale").isFalse();
  }

  @Test
  void loweringStaysWithinOneStepOfTheLastQuantizer() {
    Quantization q = Quantization.of(residualNetwork(), SCHEME, samples());
    Tensor x = samples()[1];

    assertThat(
            Quantization.largestDifference(
                Quantization.evaluate(q.fake(), x), Quantization.evaluate(q.lowered(), x)))
        .isLessThan(outputStep(q));
  }

  /** One step of the last quantized value through the last Gemm. */
  private static double outputStep(Quantization q) {
    Node gemm = q.lowered().nodes().getLast();
    double scale = constant(q.lowered(), gemm, 1).doubleAt(0);
    Tensor weights = constant(q.lowered(), gemm, 3);
    Tensor scales = constant(q.lowered(), gemm, 4);
    double largest = 0;
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += Math.abs(weights.get(row, k));
      }
      largest = Math.max(largest, sum * scales.doubleAt(row));
    }
    return largest * scale;
  }

  private static Tensor constant(Graph graph, Node node, int input) {
    Tensor constant = graph.constant(node.input(input));
    assertThat(constant).isNotNull();
    return constant;
  }

  @Test
  void theBiasHasTheProductOfBothScales() {
    Quantization q = Quantization.of(residualNetwork(), SCHEME, samples());
    for (Node node : q.fake().nodes()) {
      if (node.calls(StandardOps.FUSED_CONV)) {
        Node x = producer(q.fake(), node, 0);
        Node w = producer(q.fake(), node, 1);
        Node b = producer(q.fake(), node, 2);
        float xScale = constant(q.fake(), x, 1).toFloats()[0];
        float[] wScales = constant(q.fake(), w, 1).toFloats();
        float[] bScales = constant(q.fake(), b, 1).toFloats();
        assertThat(constant(q.fake(), b, 0).elementType()).isEqualTo(ElementType.INT32);
        for (int c = 0; c < wScales.length; c++) {
          assertThat(bScales[c]).isEqualTo(xScale * wScales[c]);
        }
      }
    }
  }

  private static Node producer(Graph graph, Node node, int input) {
    Node producer = graph.producer(node.input(input));
    assertThat(producer).isNotNull();
    return producer;
  }

  @Test
  void operatorsThatSelectShareTheirParameters() {
    Quantization q = Quantization.of(residualNetwork(), SCHEME, samples());
    Node pool = Quantization.only(q.fake(), StandardOps.MAX_POOL);
    Node before = producer(q.fake(), pool, 0);
    Node after = q.fake().uses(pool.output()).getFirst().node();

    assertThat(after.calls(QuantOps.FAKE_QUANT)).isTrue();
    for (int parameter = 1; parameter <= 2; parameter++) {
      assertThat(constant(q.fake(), after, parameter))
          .isEqualTo(constant(q.fake(), before, parameter));
    }
  }

  @Test
  void everyRewriteHasAFiniteBoundInsideDeclaredRanges() {
    Quantization q = Quantization.of(residualNetwork(), SCHEME, samples());

    assertThat(q.context().records()).isNotEmpty();
    for (RewriteRecord record : q.context().records()) {
      assertThat(record.bound().isBounded()).as("%s", record.rewrite()).isTrue();
    }
  }

  /**
   * Each record of placement promises how far a value moves from what the same inputs made before.
   */
  @Test
  void fakeQuantizationStaysWithinItsBounds() {
    Graph plain = residualNetwork();
    Quantization q = Quantization.of(plain, SCHEME, samples());
    Tensor x = samples()[0];
    RewriteRecord first =
        q.context().records().stream()
            .filter(record -> record.rewrite().equals("place-fake-quant"))
            .findFirst()
            .orElseThrow();
    Value stub = first.bounds().keySet().iterator().next();
    ErrorBound bound = first.bound();

    Tensor after = Quantization.tap(q.fake(), stub, x);

    assertThat(bound.check(x, after)).matches(verdict -> verdict.holds());
    assertThat(bound.check(x, after).ratio()).isGreaterThan(0.5);
  }

  @Test
  void excludedNodesStayInFloat() {
    QuantScheme scheme = SCHEME.excluding(List.of(Pattern.compile("^c$")), List.of("Gemm"));
    Graph plain = residualNetwork();
    Quantization q = Quantization.of(plain, scheme, samples());

    assertThat(Quantization.count(q.lowered(), QuantOps.Q_CONV)).isEqualTo(1);
    assertThat(Quantization.count(q.lowered(), QuantOps.Q_GEMM)).isZero();
    assertThat(QuantDecisions.of(plain, scheme).all())
        .filteredOn(decision -> decision.node().calls(StandardOps.GEMM))
        .singleElement()
        .satisfies(decision -> assertThat(decision.reason()).contains("Gemm is excluded"));
  }

  @Test
  void saysWhichSampleIsNotANumber() {
    Tensor good = samples()[0];
    float[] values = good.toFloats();
    values[77] = Float.NaN;
    Tensor bad = Tensor.ofFloats(good.shape(), values);

    assertThatThrownBy(() -> Quantization.of(residualNetwork(), SCHEME, good, bad))
        .isInstanceOf(PassException.class)
        .hasRootCauseInstanceOf(CalibrationException.class)
        .hasMessageContaining("'x' is NaN for calibration sample 1");
  }

  @Test
  void asksForCalibrationBeforePlacement() {
    Graph stubbed =
        Quantization.run(
            new PassContext(new ReferenceInterpreter(), Map.of()),
            residualNetwork(),
            new InsertQuantStubs(SCHEME));
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());

    assertThatThrownBy(() -> new PlaceFakeQuant(SCHEME).transform(stubbed, context))
        .hasMessageContaining("calibrate first");
  }

  /** Weights of 1 and -1 are exact in int8, so that activations alone are off. */
  @Test
  void sixteenBitActivationsComeCloserThanEightBits() {
    GraphBuilder g = new GraphBuilder("signs");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 5, 4));
    Value w = g.constant("w", Tensor.ofFloats(Shape.of(4, 2), 1, -1, -1, 1, 1, 1, -1, -1));
    Graph plain = g.output(g.call("y", StandardOps.MAT_MUL, Attributes.NONE, x, w)).build();
    Tensor sample = Quantization.random(12, 1, 5, 4);
    Tensor exact = Quantization.evaluate(plain, sample);
    QuantScheme wide = SCHEME.withTypes(ElementType.INT16, ElementType.INT8);
    Graph eight = Quantization.of(plain, SCHEME, sample).lowered();
    Graph sixteen = Quantization.of(plain, wide, sample).lowered();

    double coarse = Quantization.largestDifference(exact, Quantization.evaluate(eight, sample));
    double fine = Quantization.largestDifference(exact, Quantization.evaluate(sixteen, sample));
    assertThat(Quantization.count(sixteen, QuantOps.Q_MAT_MUL)).isEqualTo(1);
    assertThat(fine * 64).isLessThan(coarse);
  }

  @Test
  void aScaleIsRaisedWhereTheBiasWouldNotFit() {
    GraphBuilder g = new GraphBuilder("g");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 4));
    Value w = g.constant("w", Quantization.random(4, 1e-6, 4, 2));
    Value b = g.constant("b", Tensor.ofFloats(Shape.of(2), 1000, -1000));
    g.output(g.call("y", StandardOps.GEMM, Attributes.NONE, x, w, b));
    Tensor sample = Quantization.random(5, 1e-3, 1, 4);
    Graph plain = g.build();

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(Quantization.count(q.lowered(), QuantOps.Q_GEMM)).isEqualTo(1);
    assertThat(Quantization.evaluate(q.lowered(), sample).doubleAt(0)).isBetween(999.999, 1000.001);
  }
}
