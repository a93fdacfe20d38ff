package dev.fixpoint.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.fixpoint.CompiledModel;
import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.cli.report.Quantization;
import dev.fixpoint.cli.report.ReportJson;
import dev.fixpoint.cli.report.ReportPage;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.report.LayerFigures;
import dev.fixpoint.report.LayerStudy;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of where a report on a quantization goes, and the writing of it. */
final class ReportOptions {
  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Where to write report.json and report.html: error, range and histogram of each layer on"
              + " the sample inputs, the worst first, and what fired and refused.")
  private @Nullable Path folder;

  /** Whether a report was asked for. */
  boolean isWanted() {
    return folder != null;
  }

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
   */
  void write(
      Path model,
      Graph source,
      CompiledModel quantized,
      @Nullable Iterable<Map<String, Tensor>> batches,
      Evaluator evaluator) {
    Path to = folder;
    if (to == null || batches == null) {
      return;
    }
    Graph real = quantized.derivation().map(Derivation::reference).orElse(source);
    List<LayerFigures> layers =
        Failure.naming(
            model, () -> LayerStudy.worstFirst(real, quantized.graph(), batches, evaluator));
    Quantization told =
        new Quantization(String.valueOf(model.getFileName()), source, quantized, layers);
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
}
