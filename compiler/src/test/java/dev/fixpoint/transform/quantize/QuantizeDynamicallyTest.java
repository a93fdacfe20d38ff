package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Dynamic quantization within its bound, and in operators that others run. */
class QuantizeDynamicallyTest {
  private static final Activation[] ACTIVATIONS = {
    Activation.NONE,
    new Activation.Relu(),
    new Activation.Clip(-0.5f, 0.75f),
    new Activation.LeakyRelu(0.25f),
    new Activation.HardSigmoid(0.2f, 0.5f),
    new Activation.HardSwish(),
    new Activation.Swish()
  };

  private static Graph convolution(Activation activation, boolean residual) {
    GraphBuilder g = new GraphBuilder("conv");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 2, 5, 5));
    Value w = g.constant("w", Quantization.random(1, 0.5, 2, 2, 3, 3));
    Value b = g.constant("b", Quantization.random(2, 1, 2));
    Attributes pads = Attributes.NONE.with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L));
    Value y =
        g.call("y", StandardOps.FUSED_CONV, activation.addTo(pads), x, w, b, residual ? x : null);
    return g.output(y).build();
  }

  private static Graph product(boolean transposed, float alpha) {
    GraphBuilder g = new GraphBuilder("gemm");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 1, 50));
    Value w =
        g.constant("w", Quantization.random(3, 0.5, transposed ? 4 : 50, transposed ? 50 : 4));
    Value b = g.constant("b", Quantization.random(2, 1, 4));
    Attributes attributes =
        Attributes.NONE
            .with(WeightedOperator.TRANS_B, transposed ? 1L : 0L)
            .with(WeightedOperator.ALPHA, alpha)
            .with(WeightedOperator.BETA, 0.5f);
    return g.output(g.call("y", StandardOps.GEMM, attributes, x, w, b)).build();
  }

  private static Graph patches(Activation activation) {
    GraphBuilder g = new GraphBuilder("patches");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, 2, 6, 4));
    Value w = g.constant("w", Quantization.random(1, 0.5, 3, 2, 3, 2));
    Value b = g.constant("b", Quantization.random(2, 1, 3));
    Attributes strides = Attributes.NONE.with(WindowGeometry.STRIDES, List.of(3L, 2L));
    return g.output(g.call("y", StandardOps.FUSED_CONV, activation.addTo(strides), x, w, b))
        .build();
  }

  private static void staysWithinItsBound(Graph plain, Tensor x) {
    Graph dynamic = withinItsBound(plain, x, DynamicRange.TENSOR);

    assertThat(dynamic.nodes()).allSatisfy(node -> assertThat(node.opId().domain()).isEmpty());
  }

  private static Graph withinItsBound(Graph plain, Tensor x, DynamicRange range) {
    PassContext context =
        new PassContext(
            new ReferenceInterpreter(), Map.of("x", Range.of(Range.ofTensor(x).hull())));
    Graph dynamic =
        Quantization.run(context, plain, new QuantizeDynamically(QuantScheme.DEFAULT, range));
    RewriteRecord record = context.records().getFirst();

    assertThat(context.records()).hasSize(1);
    assertThat(
            record
                .bound()
                .check(Quantization.evaluate(plain, x), Quantization.evaluate(dynamic, x)))
        .matches(verdict -> verdict.holds())
        .matches(verdict -> verdict.ratio() > 1e-3);
    return dynamic;
  }

  @Property(tries = 60)
  void convolutionsStayWithinTheirBound(@ForAll long seed) {
    int kind = Math.floorMod(seed, ACTIVATIONS.length);
    boolean residual = Math.floorMod(seed / 7, 2) == 0;
    Tensor x = Quantization.random(seed, 2, 1, 2, 5, 5);

    staysWithinItsBound(convolution(ACTIVATIONS[kind], residual), x);
  }

  @Property(tries = 60)
  void productsStayWithinTheirBound(@ForAll long seed) {
    float alpha = Math.floorMod(seed / 3, 2) == 0 ? 1 : -1.5f;
    Tensor x = Quantization.random(seed, 2, 1, 50);

    staysWithinItsBound(product(Math.floorMod(seed, 2) == 0, alpha), x);
  }

  @Property(tries = 60)
  void productsWithARangeForEachRowStayWithinTheirBound(@ForAll long seed) {
    float alpha = Math.floorMod(seed / 3, 2) == 0 ? 1 : -1.5f;
    Graph plain = product(Math.floorMod(seed, 2) == 0, alpha);

    Graph dynamic = withinItsBound(plain, Quantization.random(seed, 2, 1, 50), DynamicRange.TOKEN);

    assertThat(Quantization.count(dynamic, QuantOps.DYNAMIC_Q_MAT_MUL)).isEqualTo(1);
  }

  @Property(tries = 60)
  void windowsThatDoNotOverlapAreRows(@ForAll long seed) {
    Graph plain = patches(ACTIVATIONS[Math.floorMod(seed, ACTIVATIONS.length)]);

    Graph dynamic =
        withinItsBound(plain, Quantization.random(seed, 2, 2, 2, 6, 4), DynamicRange.TOKEN);

    assertThat(Quantization.count(dynamic, QuantOps.DYNAMIC_Q_MAT_MUL)).isEqualTo(1);
    assertThat(Quantization.count(dynamic, QuantOps.DYNAMIC_QUANTIZE_LINEAR)).isZero();
  }

  @Test
  void windowsThatOverlapTakeTheRangeOfTheTensor() {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());

    Graph dynamic =
        Quantization.run(
            context,
            convolution(Activation.NONE, false),
            new QuantizeDynamically(QuantScheme.DEFAULT, DynamicRange.TOKEN));

    assertThat(Quantization.count(dynamic, QuantOps.CONV_INTEGER)).isEqualTo(1);
  }

  @Test
  void theReportSaysWhatStaysInFloatAndWhy() {
    GraphBuilder g = new GraphBuilder("report");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 3, 3));
    Value a = g.call("a", StandardOps.MAT_MUL, Attributes.NONE, x, g.constant("v", eye(1)));
    Value b = g.call("b", StandardOps.MAT_MUL, Attributes.NONE, a, x);
    QuantizeDynamically pass = new QuantizeDynamically(QuantScheme.DEFAULT, DynamicRange.TOKEN);

    QuantReport report = pass.report(g.output(b).build());

    assertThat(report.integers()).extracting(QuantReport.Entry::node).containsExactly("a");
    assertThat(report.floats())
        .extracting(QuantReport.Entry::reason)
        .containsExactly("its right side is computed; dynamic quantization takes constant weights");
  }

  @Test
  void readersOfOneValueShareItsQuantizer() {
    GraphBuilder g = new GraphBuilder("shared");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, 3));
    Value a = g.call("a", StandardOps.MAT_MUL, Attributes.NONE, x, g.constant("v", eye(1)));
    Value b = g.call("b", StandardOps.MAT_MUL, Attributes.NONE, x, g.constant("w", eye(2)));
    Graph plain = g.output(g.call("y", StandardOps.ADD, Attributes.NONE, a, b)).build();
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());

    Graph dynamic = Quantization.run(context, plain, new QuantizeDynamically(QuantScheme.DEFAULT));

    assertThat(Quantization.count(dynamic, QuantOps.DYNAMIC_QUANTIZE_LINEAR)).isEqualTo(1);
    assertThat(Quantization.count(dynamic, QuantOps.MAT_MUL_INTEGER)).isEqualTo(2);
  }

  private static Tensor eye(float value) {
    return Tensor.ofFloats(Shape.of(3, 3), value, 0, 0, 0, value, 0, 0, 0, value);
  }
}
