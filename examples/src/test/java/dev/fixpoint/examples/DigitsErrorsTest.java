package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.AffineAnalysis;
import dev.fixpoint.analysis.ClipCount;
import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.analysis.ErrorPrediction;
import dev.fixpoint.analysis.ErrorReport;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of the bundled networks: proved, predicted, observed. */
class DigitsErrorsTest {
  private static final int BATCH = 64;
  private static final int SAMPLES = 32;
  private static final int OBSERVED = 40;

  /** Images whose class is to be proved: some in the build, all 500 in the long profile. */
  private static final int PROOFS = Integer.getInteger("fixpoint.tries", 100) > 1000 ? 500 : 150;

  /** Decibels by which a prediction may be off. */
  private static final double CLOSE = 3;

  /** Share of images whose class has to be proved. */
  private static final double PROVED = 0.9;

  private static CompiledModel quantized(String network) {
    Graph model = OnnxReader.read(Digits.model(network));
    CompilerOptions options =
        CompilerOptions.DEFAULT
            .withEvaluator(new RuntimeEvaluator())
            .withInputRanges(Digits.INPUT_RANGES);
    return new Compiler(options).quantize(model, Digits.calibration().batches(BATCH));
  }

  private static Set<Value> floats(Graph graph, Predicate<String> wanted) {
    return graph.values().stream()
        .filter(value -> wanted.test(value.name()))
        .filter(value -> graph.type(value).elementType().isFloat())
        .collect(Collectors.toSet());
  }

  private static Map<String, Tensor> values(
      Evaluator.Evaluation evaluation, Map<String, Tensor> batch) {
    Map<String, Tensor> seen = new HashMap<>();
    evaluation.evaluate(
        batch,
        (value, tensor) ->
            seen.put(value.name(), Tensor.ofFloats(tensor.shape(), tensor.toFloats())));
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void noiseIsPredictedBeforeTheQuantizedNetworkRuns(String network, TestReporter reporter) {
    Derivation derivation = quantized(network).derivation().orElseThrow();
    List<ErrorPrediction.Line> lines =
        ErrorPrediction.of(
            derivation,
            Digits.INPUT_RANGES,
            new RuntimeEvaluator(),
            Digits.calibration().batches(SAMPLES).getFirst());

    double predicted = lines.getLast().decibels();
    double observed = decibels(derivation);

    assertThat(lines.getLast().tensor()).isEqualTo(Digits.OUTPUT);
    assertThat(Math.abs(predicted - observed))
        .as("predicted %s, observed %s", predicted, observed)
        .isLessThanOrEqualTo(CLOSE);
    reporter.publishEntry(
        network,
        String.format(Locale.ROOT, "predicted %.1f dB, observed %.1f", predicted, observed));
  }

  private static double decibels(Derivation derivation) {
    double signal = 0;
    double noise = 0;
    for (Map<String, Tensor> batch : Digits.test().batches(BATCH)) {
      Tensor a = output(derivation.reference(), batch);
      Tensor b = output(derivation.target(), batch);
      for (int i = 0; i < a.elementCount(); i++) {
        double difference = a.doubleAt(i) - b.doubleAt(i);
        signal += a.doubleAt(i) * a.doubleAt(i);
        noise += difference * difference;
      }
    }
    return 10 * Math.log10(signal / noise);
  }

  private static Tensor output(Graph graph, Map<String, Tensor> batch) {
    return new RuntimeEvaluator().prepare(graph).evaluate(batch).values().iterator().next();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void noLayerIsFurtherOffThanProved(String network, TestReporter reporter) {
    CompiledModel model = quantized(network);
    Graph source = OnnxReader.read(Digits.model(network));
    ErrorReport report = model.errors().orElseThrow();
    Map<String, ErrorReport.Line> lines =
        report.lines().stream()
            .collect(Collectors.toMap(ErrorReport.Line::tensor, line -> line, (_, last) -> last));
    Evaluator evaluator = new RuntimeEvaluator();
    var runSource = evaluator.prepare(source, floats(source, lines::containsKey));
    var runTarget = evaluator.prepare(model.graph(), floats(model.graph(), lines::containsKey));
    ClipCount clips = new ClipCount(model.graph());
    var runClips = evaluator.prepare(model.graph(), clips.taps());
    var sourceClips = evaluator.prepare(source, clips.tapsOf(source));
    Map<String, Double> ratios = new HashMap<>();
    for (Map<String, Tensor> image : Digits.test().batches(1).subList(0, OBSERVED)) {
      clips.start(1);
      runClips.evaluate(image, clips::see);
      sourceClips.evaluate(image, clips::see);
      Map<String, Tensor> expected = values(runSource, image);
      values(runTarget, image)
          .forEach(
              (name, actual) -> {
                Tensor right = expected.get(name);
                ErrorReport.Line line = lines.get(name);
                if (right != null && line != null) {
                  Verdict verdict =
                      (clips.elements() == 0
                              ? line.composed().unclipped()
                              : line.composed().unconditional())
                          .check(right, actual);
                  ratios.merge(name, verdict.ratio(), Math::max);
                }
              });
    }
    assertThat(ratios)
        .isNotEmpty()
        .allSatisfy((_, ratio) -> assertThat(ratio).isLessThanOrEqualTo(1));
    reporter.publishEntry(network, ratios.toString());
  }

  @Test
  void affineFormsProveTheClassOfNineImagesInTen(TestReporter reporter) {
    CompiledModel model = quantized("mlp");
    Derivation derivation = model.derivation().orElseThrow();
    Value logits = derivation.reference().outputs().getFirst();
    double box =
        model.errors().orElseThrow().outputs().values().iterator().next().unclipped().max();
    AffineAnalysis affine = new AffineAnalysis(derivation, Digits.INPUT_RANGES, 4096);
    int proved = 0;
    int provedByBox = 0;
    List<Map<String, Tensor>> images = Digits.test().batches(1).subList(0, PROOFS);
    for (Map<String, Tensor> image : images) {
      AffineAnalysis.Proof proof = affine.prove(logits, image);
      proved += proof.keepsLargest() ? 1 : 0;
      provedByBox += gap(proof.real(), proof.largest()) > 2 * box ? 1 : 0;
    }
    assertThat((double) proved / images.size()).isGreaterThanOrEqualTo(PROVED);
    reporter.publishEntry(
        "proved of " + images.size(),
        "affine forms %d, intervals %d".formatted(proved, provedByBox));
  }

  private static double gap(List<Double> values, int largest) {
    double gap = Double.POSITIVE_INFINITY;
    for (int i = 0; i < values.size(); i++) {
      gap = i == largest ? gap : Math.min(gap, values.get(largest) - values.get(i));
    }
    return gap;
  }

  @Test
  void whatAffineFormsProveHolds() {
    CompiledModel model = quantized("mlp");
    Derivation derivation = model.derivation().orElseThrow();
    Value logits = derivation.reference().outputs().getFirst();
    AffineAnalysis affine = new AffineAnalysis(derivation, Digits.INPUT_RANGES, 4096);
    Graph lowered = new Compiler(CompilerOptions.DEFAULT).lower(model.graph()).graph();
    Evaluator evaluator = new RuntimeEvaluator();
    ClipCount clips = new ClipCount(model.graph());
    int looked = 0;
    for (Map<String, Tensor> image : Digits.test().batches(1).subList(0, OBSERVED)) {
      clips.start(1);
      evaluator.prepare(model.graph(), clips.taps()).evaluate(image, clips::see);
      if (clips.elements() == 0) {
        AffineAnalysis.Proof proof = affine.prove(logits, image);
        Tensor real = output(derivation.reference(), image);
        Tensor integer = output(lowered, image);
        for (int i = 0; i < real.elementCount(); i++) {
          assertThat(proof.errors().get(i).contains(integer.doubleAt(i) - real.doubleAt(i)))
              .as(
                  "logit %s: %s - %s in %s",
                  i, integer.doubleAt(i), real.doubleAt(i), proof.errors().get(i))
              .isTrue();
        }
        looked++;
      }
    }
    assertThat(looked).isGreaterThan(OBSERVED / 2);
  }
}
