package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What our quantizer makes of graphs that others quantize wrongly. */
final class QuantizerFailures {
  /** Quantizers on the way from input to output, each good for one step of the output's range. */
  private static final int QUANTIZERS = 5;

  private static final QuantScheme SYMMETRIC =
      QuantScheme.DEFAULT
          .withTypes(ElementType.INT8, ElementType.INT8)
          .withSymmetricActivations(true);

  private QuantizerFailures() {}

  static String staysClose(Graph graph) throws OrtException {
    return staysClose(graph, QuantScheme.DEFAULT);
  }

  static String staysCloseSymmetrically(Graph graph) throws OrtException {
    return staysClose(graph, SYMMETRIC);
  }

  private static String staysClose(Graph graph, QuantScheme scheme) throws OrtException {
    Map<String, Tensor> inputs = inputs(graph, 1);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withScheme(scheme));
    Graph quantized = compiler.quantize(graph, List.of(inputs)).graph();
    Graph lowered = compiler.lower(quantized).graph();

    assertThat(lowered.nodes()).anyMatch(QuantizerFailures::isIntegerProduct);
    assertThat(NodeAgreement.disagreements(quantized, inputs)).isEmpty();
    Map<String, Tensor> expected = evaluate(graph, inputs);
    double worst = 0;
    double size = 0;
    for (Map.Entry<String, Tensor> output : evaluate(lowered, inputs).entrySet()) {
      Tensor real = expected.get(output.getKey());
      double error = difference(real, output.getValue());
      double range = range(real);
      assertThat(error).isLessThanOrEqualTo(QUANTIZERS * range / 255);
      size = error / range >= worst / Math.max(size, Double.MIN_NORMAL) ? range : size;
      worst = size == range ? error : worst;
    }
    String range = new BigDecimal(size).round(new MathContext(2)).toPlainString();
    return "off by at most " + roundedUp(worst) + " of " + range;
  }

  /** The next number of 1, 2, 5, 10, 20, 50 and so on, with a twentieth to spare. */
  private static String roundedUp(double error) {
    BigDecimal unit = BigDecimal.ONE.movePointRight((int) Math.floor(Math.log10(error)));
    for (int digit : new int[] {1, 2, 5}) {
      BigDecimal bound = unit.multiply(BigDecimal.valueOf(digit));
      if (error * 1.05 <= bound.doubleValue()) {
        return bound.stripTrailingZeros().toPlainString();
      }
    }
    return unit.multiply(BigDecimal.TEN).stripTrailingZeros().toPlainString();
  }

  private static boolean isIntegerProduct(Node node) {
    return node.calls(QuantOps.Q_CONV)
        || node.calls(QuantOps.Q_GEMM)
        || node.calls(QuantOps.Q_MAT_MUL);
  }

  /** What cannot run on integers is left alone, the rest is not, and the file is valid. */
  static String runsWhatItCan(Graph graph) throws OrtException {
    Map<String, Tensor> inputs = inputs(graph, 1);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);
    CompiledModel quantized = compiler.quantize(graph, List.of(inputs));
    Graph lowered = compiler.lower(quantized.graph()).graph();

    assertThat(NodeAgreement.disagreements(quantized.graph(), inputs)).isEmpty();
    assertThat(quantized.report().floats()).extracting(entry -> entry.operator()).contains("Gemm");
    assertThat(lowered.nodes()).anyMatch(node -> node.calls(QuantOps.Q_CONV_TRANSPOSE));
    Map<String, Tensor> expected = evaluate(graph, inputs);
    Map<String, Tensor> actual = evaluate(lowered, inputs);
    assertThat(actual.get("y")).isEqualTo(expected.get("y"));
    Tensor spread = expected.get("t");
    assertThat(difference(spread, actual.get("t")))
        .isLessThanOrEqualTo(QUANTIZERS * range(spread) / 255);
    return "the Gemm stays in float and says why, the ConvTranspose runs on integers";
  }

  /** The scale of the input is that of all batches, however many come together. */
  static String everyBatchCounts(Graph graph) {
    Tensor all = Tensor.ofFloats(Shape.of(6, 3), inputs(graph, 6).get("x").toFloats());
    float whole = inputParams(graph, CalibrationMethod.MINMAX, List.of(Map.of("x", all))).scale(0);
    for (int size = 1; size <= 5; size++) {
      List<Map<String, Tensor>> batches = new ArrayList<>();
      for (int from = 0; from < 6; from += size) {
        int to = Math.min(6, from + size);
        float[] part = Arrays.copyOfRange(all.toFloats(), 3 * from, 3 * to);
        batches.add(Map.of("x", Tensor.ofFloats(Shape.of(to - from, 3), part)));
      }
      assertThat(inputParams(graph, CalibrationMethod.MINMAX, batches).scale(0)).isEqualTo(whole);
    }
    return "the same scale for batches of every size";
  }

  static String entropyCutsTheOutlier(Graph graph) {
    Random random = new Random(3);
    float[] values = new float[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[17] = 50;
    List<Map<String, Tensor>> data =
        List.of(Map.of("x", Tensor.ofFloats(Shape.of(values.length, 1), values)));

    float extremes = inputParams(graph, CalibrationMethod.MINMAX, data).scale(0);
    float entropy = inputParams(graph, CalibrationMethod.ENTROPY, data).scale(0);
    assertThat(entropy).isLessThan(extremes / 3);
    return "scale %s, by the extremes %s".formatted(number(entropy), number(extremes));
  }

  private static QuantParams inputParams(
      Graph graph, CalibrationMethod method, List<Map<String, Tensor>> data) {
    QuantScheme scheme = QuantScheme.DEFAULT.withCalibration(method);
    Graph quantized =
        new Compiler(CompilerOptions.DEFAULT.withScheme(scheme)).quantize(graph, data).graph();
    Node quantizer =
        quantized.nodes().stream()
            .filter(node -> node.calls(QuantOps.FAKE_QUANT) && node.input(0).name().equals("x"))
            .findFirst()
            .orElseThrow();
    Tensor scale = quantized.constant(quantizer.input(1));
    Tensor zero = quantized.constant(quantizer.input(2));
    return QuantParams.perTensor(zero.elementType(), (float) scale.doubleAt(0), zero.longAt(0));
  }

  static String namesTheSample(Graph graph) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);
    for (float odd : new float[] {Float.POSITIVE_INFINITY, Float.NaN}) {
      Map<String, Tensor> batch = Map.of("x", Tensor.ofFloats(Shape.of(3, 2), 1, 2, 3, 4, odd, 6));
      assertThatThrownBy(() -> compiler.quantize(graph, List.of(batch)))
          .hasMessageContaining("'x' is " + odd + " for calibration sample 2");
    }
    return "refused, with value and sample";
  }

  /** Random inputs between -2 and 2, an unknown dimension of the given size. */
  static Map<String, Tensor> inputs(Graph graph, long unknown) {
    Random random = new Random(11);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      Shape shape = graph.type(input).shape();
      for (int i = 0; i < shape.rank(); i++) {
        shape = shape.dimension(i).isFixed() ? shape : shape.with(i, Dimension.of(unknown));
      }
      double[] values = random.doubles(shape.elementCount(), -2, 2).toArray();
      inputs.put(input.name(), Tensor.ofDoubles(ElementType.FLOAT, shape, values));
    }
    return inputs;
  }

  static Map<String, Tensor> evaluate(Graph graph, Map<String, Tensor> inputs) {
    return new ReferenceInterpreter().prepare(graph).evaluate(inputs);
  }

  static double difference(Tensor a, Tensor b) {
    double largest = 0;
    for (int i = 0; i < a.elementCount(); i++) {
      largest = Math.max(largest, Math.abs(a.doubleAt(i) - b.doubleAt(i)));
    }
    return largest;
  }

  private static double range(Tensor tensor) {
    Interval range = Interval.ZERO;
    for (double value : tensor.toDoubles()) {
      range = range.join(Interval.point(value));
    }
    return range.high() - range.low();
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
