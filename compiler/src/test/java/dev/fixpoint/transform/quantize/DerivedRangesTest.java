package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Ranges that follow from operators and declared inputs, and when they are used. */
class DerivedRangesTest {
  private static final QuantScheme SCHEME = QuantScheme.DEFAULT;

  private static final Graph GRAPH =
      OnnxTextReader.read(
          "derived",
          """
          derived (float[1,4] x, float[4,4] u) => (float[1,4] y)
          <float[4,4] w = {1, 2, 3, 4, 4, 3, 2, 1, -1, 0, 1, 0, 2, -2, 1, 1},
           float zero = {0}, float six = {6}>
          {
            a = MatMul(x, w)
            clipped = Clip(a, zero, six)
            b = MatMul(clipped, w)
            gate = Sigmoid(b)
            c = MatMul(gate, u)
            shares = Softmax(c)
            moved = Reshape(shares, shape)
            both = Concat<axis = 1>(gate, moved)
            rectified = Relu(c)
            half = Mul(gate, shares)
            y = MatMul(shares, w)
          }
          """
              .replace("<float[4,4] w", "<int64[2] shape = {1, 4}, float[4,4] w"));

  private static Map<String, Interval> derived(Map<String, Range> inputs) {
    Map<String, Interval> byName = new TreeMap<>();
    DerivedRanges.of(GRAPH, inputs).forEach((value, range) -> byName.put(value.name(), range));
    return byName;
  }

  @Test
  void operatorsWithBoundedResultsNeedNoData() {
    Map<String, Interval> ranges = derived(Map.of());

    assertThat(ranges.keySet())
        .containsExactly("both", "clipped", "gate", "half", "moved", "shares");
    assertThat(ranges.get("clipped")).isEqualTo(new Interval(0, 6));
    for (String name : List.of("both", "gate", "half", "moved", "shares")) {
      Interval range = ranges.get(name);
      assertThat(range.contains(new Interval(0, 1))).as(name).isTrue();
      assertThat(new Interval(-0x1p-20, 1 + 0x1p-20).contains(range)).as(name).isTrue();
    }
  }

  @Test
  void declaredInputsAreKnownAndSumsOfProductsAreNot() {
    Map<String, Interval> ranges = derived(Map.of("x", Range.of(-1, 3)));

    assertThat(ranges).containsEntry("x", new Interval(-1, 3)).doesNotContainKeys("a", "b", "c");
  }

  @Test
  void anActivationInsideAConvolutionBoundsIt() {
    Graph fused =
        optimized(
            """
            clipped (float[1,1,2,2] x) => (float[1,1,2,2] y)
            <float[1,1,1,1] w = {1}, float zero = {0}, float six = {6}>
            { a = Conv(x, w)  y = Clip(a, zero, six) }
            """);
    Node conv = Quantization.only(fused, StandardOps.FUSED_CONV);

    assertThat(Activation.of(conv.attributes())).isInstanceOf(Activation.Clip.class);
    assertThat(DerivedRanges.of(fused, Map.of())).containsEntry(conv.output(), new Interval(0, 6));
  }

  private static Map<String, Interval> calibrated(Graph graph, Range x, List<Tensor> samples) {
    return calibrated(SCHEME, graph, x, samples);
  }

  private static Map<String, Interval> calibrated(
      QuantScheme scheme, Graph graph, Range x, List<Tensor> samples) {
    PassContext context =
        new PassContext(new ReferenceInterpreter(), x == Range.ALL ? Map.of() : Map.of("x", x));
    List<Map<String, Tensor>> batches =
        samples.stream().map(sample -> Map.of("x", sample)).toList();
    Graph stubbed =
        Quantization.run(
            context, graph, new InsertQuantStubs(scheme), new CalibrateStubs(scheme, batches));
    Map<String, Interval> ranges = new TreeMap<>();
    for (Node node : stubbed.nodes()) {
      if (node.calls(QuantOps.QUANT_STUB)) {
        Value value = node.input(0);
        ranges.put(value.name(), new Interval(node.get(QuantStub.MIN), node.get(QuantStub.MAX)));
      }
    }
    return ranges;
  }

  private static final Graph TWO =
      optimized(
          """
          two (float[1,1,1,2] x) => (float[1,1,1,2] y)
          <float[1,1,1,1] w = {1}, float[1,1,1,1] v = {2}, float low = {-4}, float high = {4}>
          { a = Conv(x, w)  c = Clip(a, low, high)  y = Conv(c, v) }
          """);

  private static Graph optimized(String text) {
    Graph plain = OnnxTextReader.read("plain", text);
    return new Compiler(CompilerOptions.DEFAULT).optimize(plain).graph();
  }

  @Test
  void aNetworkWhoseRangesAreAllDerivedIsQuantizedWithoutData() {
    assertThat(calibrated(TWO, Range.of(-2, 5), List.of()))
        .containsEntry("c", new Interval(-4, 4))
        .containsEntry("x", new Interval(-2, 5));
  }

  @Test
  void withoutDataARangeThatIsNotDerivedIsMissed() {
    assertThatThrownBy(() -> calibrated(TWO, Range.ALL, List.of()))
        .hasMessageContaining("there is no calibration data");
  }

  @Test
  void aDerivedRangeIsTakenUnlessItCostsMoreThanABit() {
    Tensor near = Tensor.ofFloats(Shape.of(1, 1, 1, 2), -1, 3);
    Tensor far = Tensor.ofFloats(Shape.of(1, 1, 1, 2), -1, 2);

    assertThat(calibrated(TWO, Range.of(-2, 5), List.of(near)))
        .containsEntry("c", new Interval(-4, 4))
        .containsEntry("x", new Interval(-2, 5));
    assertThat(calibrated(TWO, Range.of(-2, 5), List.of(far)))
        .containsEntry("c", new Interval(-1, 2))
        .containsEntry("x", new Interval(-1, 2));
  }

  @Test
  void aMethodThatCutsNumbersOffKeepsItsRange() {
    Tensor sample = Tensor.ofFloats(Shape.of(1, 1, 1, 2), -1, 3);
    QuantScheme half = SCHEME.withCalibration(CalibrationMethod.percentile(50));

    assertThat(calibrated(half, TWO, Range.of(-2, 5), List.of(sample)).get("x").high())
        .isLessThan(5);
  }
}
