package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where quantizers stand and where they do not, and what is left in float for its precision. */
class PlacementTest {
  private static final QuantScheme SCHEME = QuantScheme.DEFAULT;

  private static Graph read(String text) {
    return OnnxTextReader.read("placement", text);
  }

  /** The values that are quantized, without the weights. */
  private static TreeSet<String> quantized(Graph fake) {
    return fake.nodes().stream()
        .filter(node -> node.calls(QuantOps.FAKE_QUANT))
        .filter(node -> fake.constant(node.input(0)) == null)
        .map(node -> node.input(0).name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> refusals(Quantization q) {
    return q.context().refusals().stream()
        .filter(refusal -> refusal.rule().equals("protect-precision"))
        .map(refusal -> refusal.node().opId().name() + ": " + refusal.reason())
        .toList();
  }

  /** Two branches, one a thousand times smaller, and weights that bring both to the same size. */
  private static Graph branches(float small) {
    return read(
        """
        branches (float[2,4] x) => (float[2,2] y)
        <float[4,3] wa = {%1$s, 0, 0, 0, %1$s, 0, 0, 0, %1$s, 0, 0, 0},
         float[4,3] wb = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
         float[6,2] w = {%2$s, 0, 0, %2$s, %2$s, 0, 1, 0, 0, 1, 1, 1}>
        {
          a = MatMul(x, wa)
          b = MatMul(x, wb)
          c = Concat<axis = 1>(a, b)
          y = MatMul(c, w)
        }
        """
            .formatted(small, 1 / small));
  }

  @Test
  void aConcatOfVeryDifferentBranchesStaysInFloat() {
    Tensor sample = Quantization.random(1, 1, 2, 4);
    Graph plain = branches(1e-3f);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(refusals(q))
        .singleElement()
        .asString()
        .startsWith("MatMul: 'c' would be quantized in steps of 0.00");
    assertThat(quantized(q.fake())).containsExactly("x");
    assertThat(Quantization.count(q.lowered(), QuantOps.Q_MAT_MUL)).isEqualTo(2);
    assertThat(Quantization.count(q.lowered(), StandardOps.CONCAT)).isEqualTo(1);
    assertThat(error(q, sample)).isLessThan(0.05);
  }

  @Test
  void theReportOfACompilationSaysWhatWasLeftInFloatAndWhy() {
    Map<String, Tensor> batch = Map.of("x", Quantization.random(1, 1, 2, 4));

    var quantized = new Compiler(CompilerOptions.DEFAULT).quantize(branches(1e-3f), List.of(batch));

    assertThat(quantized.report().floats())
        .extracting(entry -> entry.operator() + " " + entry.reason())
        .hasSize(2)
        .contains("Concat what reads it was left in float")
        .anyMatch(line -> line.startsWith("MatMul 'c' would be quantized in steps of"));
  }

  @Test
  void aConcatOfBranchesOfOneSizeRunsOnIntegers() {
    Tensor sample = Quantization.random(1, 1, 2, 4);

    Quantization q = Quantization.of(branches(0.5f), SCHEME, sample);

    assertThat(refusals(q)).isEmpty();
    assertThat(quantized(q.fake())).containsExactly("a", "b", "c", "x");
    assertThat(QuantDecisions.of(q.plain(), SCHEME).all())
        .extracting(QuantDecision::reason)
        .anyMatch(reason -> reason.contains("is requantized to the scale of the result"));
    assertThat(Quantization.count(q.lowered(), QuantOps.Q_CONCAT)).isEqualTo(1);
  }

  @Test
  void aBranchThatOnlyAConcatReadsIsRoundedOnce() {
    Tensor sample = Quantization.random(1, 1, 2, 4);

    Graph lowered = Quantization.of(branches(0.5f), SCHEME, sample).lowered();

    Node concat =
        lowered.nodes().stream()
            .filter(node -> node.calls(QuantOps.Q_CONCAT))
            .findFirst()
            .orElseThrow();
    for (int scale : new int[] {3, 6}) {
      assertThat(lowered.constant(concat.input(scale)))
          .isEqualTo(lowered.constant(concat.input(0)));
    }
  }

  private static double error(Quantization q, Tensor sample) {
    return Quantization.largestDifference(
        Quantization.evaluate(q.plain(), sample), Quantization.evaluate(q.lowered(), sample));
  }

  /** The parts of a Split share its input's parameters unless that would cost one of them all. */
  @Test
  void aSplitIntoVeryDifferentPartsGivesEachAQuantizerOfItsOwn() {
    Graph plain =
        read(
            """
            parts (float[2,4] x) => (float[2,1] y, float[2,1] z)
            <float[4,4] w = {1e-4, 0, 0, 0, 0, 1e-4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
             int64[2] halves = {2, 2}, float[2,1] wy = {1e4, 1e4}, float[2,1] wz = {1, 1}>
            {
              a = MatMul(x, w)
              p, r = Split<axis = 1>(a, halves)
              y = MatMul(p, wy)
              z = MatMul(r, wz)
            }
            """);
    Tensor sample = Quantization.random(2, 1, 2, 4);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(refusals(q)).singleElement().asString().startsWith("Split: 'p' would be quantized");
    assertThat(quantized(q.fake())).containsExactly("p", "r", "x");
    assertThat(Quantization.count(q.lowered(), QuantOps.Q_MAT_MUL)).isEqualTo(3);
    assertThat(error(q, sample)).isLessThan(0.1);
  }

  @Test
  void aValueWhoseRangeIsAllOutliersStaysInFloat() {
    Graph plain =
        read(
            """
            outliers (float[1,400] x) => (float[1,2] y)
            <float[400,2] w, float zero = {0}>
            { h = Relu(x)  y = MatMul(h, w) }
            """
                .replace(
                    "float[400,2] w,", "float[400,2] w = {" + "1, -1, ".repeat(399) + "1, 1},"));
    float[] values = Quantization.random(3, 1, 1, 400).toFloats();
    values[7] = 9_000;
    Tensor sample = Tensor.ofFloats(Shape.of(1, 400), values);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(refusals(q)).singleElement().asString().contains("'h' would be quantized in steps");
    assertThat(quantized(q.fake())).isEmpty();
    assertThat(q.lowered().nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("Relu", "MatMul");
  }

  /** Attention with a mask in one of its usual forms, computed or constant. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "m = Add(s, mask)",
        "k = Sub(one, keep)  n = Mul(k, huge)  m = Add(s, n)",
        "b = Cast<to = 9>(keep)  m = Where(b, s, infinite)",
        "b = Cast<to = 9>(keep)  n = Where(b, zero, lowest)  e = Expand(n, shape)  m = Add(s, e)"
      })
  void attentionMasksAreNeverQuantized(String masking) {
    Graph plain =
        read(
            """
            attention (float[3,4] x) => (float[3,2] y)
            <float[4,4] wq = {1, 2, 3, 4, 4, 3, 2, 1, -1, 0, 1, 0, 2, -2, 1, 1},
             float[4,2] wv = {1, -1, 0.5, 2, -2, 1, 1, 0.25}, float[2,2] wo = {1, 1, -1, 1},
             float[3,3] mask = {0, -10000, -10000, 0, 0, -10000, 0, 0, 0},
             float[3,3] keep = {1, 0, 0, 1, 1, 0, 1, 1, 1}, float one = {1}, float zero = {0},
             float huge = {-10000}, float infinite = {-inf}, float lowest = {-3.4028235e38},
             int64[2] shape = {3, 3}>
            {
              q = MatMul(x, wq)
              t = Transpose<perm = [1, 0]>(x)
              s = MatMul(q, t)
              %s
              p = Softmax(m)
              v = MatMul(x, wv)
              o = MatMul(p, v)
              y = MatMul(o, wo)
            }
            """
                .formatted(masking));
    Tensor sample = Quantization.random(4, 1, 3, 4);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(quantized(q.fake())).containsExactly("o", "p", "q", "t", "v", "x");
    assertThat(Quantization.count(q.lowered(), QuantOps.Q_MAT_MUL)).isEqualTo(5);
    assertThat(error(q, sample)).isLessThan(0.2);
  }

  @Test
  void whatReadsAMaskDirectlyStaysInFloatAndSaysSo() {
    Graph plain =
        read(
            """
            masked (float[1,3] x) => (float[1,1] y)
            <float[3] mask = {0, -10000, 0}, float[3,1] w = {1, 0, 1}>
            { m = Add(x, mask)  y = MatMul(m, w) }
            """);

    assertThat(QuantDecisions.of(plain, SCHEME).all())
        .extracting(QuantDecision::reason)
        .contains("'m' carries a mask");
    assertThat(quantized(Quantization.of(plain, SCHEME, Quantization.random(5, 1, 1, 3)).fake()))
        .isEmpty();
  }

  /** Biases, indices, shapes and conditions are not numbers to round. */
  @Test
  void onlyValuesThatIntegerOperatorsReadGetQuantizers() {
    Graph plain =
        read(
            """
            kinds (float[N,4] x) => (float[M,3] y, float[N,4] r)
            <float[4,4] w = {1, 2, 3, 4, 4, 3, 2, 1, -1, 0, 1, 0, 2, -2, 1, 1},
             float[4] b = {1, 2, 3, 4}, float[4,3] v = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1},
             int64[2] order = {1, 0}, float half = {0.5}, int64[2] rows = {-1, 4}>
            {
              a = Gemm(x, w, b)
              shape = Shape(a)
              n = Gather<axis = 0>(shape, order)
              c = Greater(a, half)
              f = Where(c, a, x)
              g = Reshape(f, n)
              r = Relu(a)
              u = Reshape(g, rows)
              h = Gather<axis = 0>(u, order)
              y = MatMul(h, v)
            }
            """);

    Quantization q = Quantization.of(plain, SCHEME, Quantization.random(6, 1, 4, 4));

    assertThat(quantized(q.fake())).containsExactly("f", "g", "h", "u", "x");
    for (Node node : q.fake().nodes()) {
      if (node.calls(QuantOps.FAKE_QUANT)) {
        assertThat(q.fake().uses(node.output()))
            .extracting(Use::index)
            .allMatch(index -> index <= 1);
      }
    }
  }

  /** A pad of zeros is the zero point, and a constant beyond the data widens the range. */
  @ParameterizedTest
  @ValueSource(floats = {0, 5, -0.25f})
  void padsAreQuantizedWithTheTensorThatTheyPad(float constant) {
    Graph plain = padded(constant);
    Tensor sample = Quantization.random(7, 1, 1, 1, 3, 3);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    Node pad = Quantization.only(q.lowered(), StandardOps.PAD);
    assertThat(q.lowered().type(pad.output()).elementType().bits()).isEqualTo(8);
    double range = Math.max(constant, 1) - Math.min(constant, -1);
    assertThat(error(q, sample)).isLessThan(2 * range / 255);
  }

  private static Graph padded(float constant) {
    return read(
        """
        padded (float[1,1,3,3] x) => (float[1,1,5,5] y)
        <int64[8] pads = {0, 0, 1, 1, 0, 0, 1, 1}, float c = {%s}, float[1,1,1,1] w = {1}>
        { a = MaxPool<kernel_shape = [1, 1]>(x)  p = Pad(a, pads, c)  y = Conv(p, w) }
        """
            .formatted(Float.isInfinite(constant) ? "-inf" : constant));
  }

  @Test
  void aPadOfMinusInfinityStaysInFloat() {
    Graph plain = padded(Float.NEGATIVE_INFINITY);

    assertThat(QuantDecisions.of(plain, SCHEME).all())
        .noneMatch(QuantDecision::integer)
        .extracting(QuantDecision::reason)
        .contains("it pads with -Infinity", "'p' carries a mask");
  }

  /** One constant for two pads with other ranges gets an integer for each. */
  @Test
  void aConstantSharedByTwoPadsIsQuantizedForEach() {
    Graph plain =
        read(
            """
            shared (float[1,1,3,3] x) => (float[1,1,7,7] y)
            <int64[8] pads = {0, 0, 1, 1, 0, 0, 1, 1}, float c = {0.5}, float[1,1,1,1] w = {3}>
            {
              p = Pad(x, pads, c)
              a = Conv(p, w)
              r = Pad(a, pads, c)
              y = Conv(r, w)
            }
            """);
    Tensor sample = Quantization.random(7, 1, 1, 1, 3, 3);

    Quantization q = Quantization.of(plain, SCHEME, sample);

    assertThat(
            q.lowered().nodes().stream()
                .filter(node -> node.calls(StandardOps.PAD))
                .map(node -> q.lowered().constant(node.input(2)))
                .distinct())
        .hasSize(2);
    assertThat(error(q, sample)).isLessThan(0.1);
  }

  @Test
  void insertionAfterProtectionChangesNothing() {
    Quantization q = Quantization.of(branches(1e-3f), SCHEME, Quantization.random(1, 1, 2, 4));

    assertThat(Quantization.run(q.context(), q.fake(), new InsertQuantStubs(SCHEME)))
        .isSameAs(q.fake());
    assertThat(Quantization.run(q.context(), q.stubbed(), new InsertQuantStubs(SCHEME)))
        .isSameAs(q.stubbed());
  }
}
