package dev.fixpoint.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fixpoint.CompiledModel;
import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.cli.report.Expectation;
import dev.fixpoint.cli.report.Expectations;
import dev.fixpoint.cli.report.Quantization;
import dev.fixpoint.cli.report.ReportJson;
import dev.fixpoint.cli.report.ReportPage;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.report.LayerFigures;
import dev.fixpoint.report.LayerStudy;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of where a report on a quantization goes, and the writing of it. */
final class ReportOptions {
  /** Samples of which noise is predicted, where they are small. */
  private static final int SAMPLES = 32;

  /** Numbers of which noise is predicted at most, beyond one sample: in double, beside a graph. */
  private static final long NUMBERS = 1 << 15;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Where to write report.json and report.html: error, range and histogram of each layer on"
              + " the sample inputs, the worst first, beside what was predicted and certified; what"
              + " fired and refused.")
  private @Nullable Path folder;

  /** Refuses early what cannot be measured or written. */
  void requireMeasurable(boolean hasData) {
    if (folder == null) {
      return;
    }
    if (!hasData) {
      throw new CommandException("--report measures on sample inputs; give --calibration DATA");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CommandException(folder + ": this is a file; name a folder for the report");
    }
    OutputFile.requireFolder(folder.resolveSibling(".report"));
  }

  /**
   * Writes the report if one was asked for.
   *
   * @param quantized the model with QuantizeLinear and DequantizeLinear
   * @param data sample inputs in batches of a size, or null
   */
  void write(
      Path model,
      Graph source,
      CompiledModel quantized,
      @Nullable IntFunction<Iterable<Map<String, Tensor>>> data,
      Evaluator evaluator) {
    Path to = folder;
    if (to == null || data == null) {
      return;
    }
    Graph real = quantized.derivation().map(Derivation::reference).orElse(source);
    List<LayerFigures> layers =
        Failure.naming(
            model, () -> LayerStudy.worstFirst(real, quantized.graph(), data.apply(1), evaluator));
    Map<String, Expectation> expectations =
        Failure.naming(
            model,
            () ->
                Expectations.of(
                    quantized, evaluator, () -> data.apply(samples(source)).iterator().next()));
    Quantization told =
        new Quantization(
            String.valueOf(model.getFileName()), source, quantized, layers, expectations);
    Failure.naming(to, () -> Files.createDirectories(to));
    OutputFile.write(
        to.resolve("report.json"),
        beside ->
            Files.writeString(
                beside,
                JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(ReportJson.of(told))));
    OutputFile.write(
        to.resolve("report.html"), beside -> Files.writeString(beside, ReportPage.of(told)));
  }

  /** How many samples noise is predicted for. */
  private static int samples(Graph graph) {
    double numbers = 1;
    for (Value input : graph.inputs()) {
      Shape shape = graph.type(input).shape();
      for (Dimension size : shape.isRanked() ? shape.dimensions() : List.<Dimension>of()) {
        numbers *= size instanceof Dimension.Fixed(long fixed) ? Math.max(1, fixed) : 1;
      }
    }
    return Math.clamp((long) (NUMBERS / numbers), 1, SAMPLES);
  }
}
