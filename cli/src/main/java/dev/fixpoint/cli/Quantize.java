package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.cli.data.Data;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriteOptions;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.weights.QuantizeWeights;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Quantizes a float model after training. */
@Command(
    name = "quantize",
    description = "Quantizes a float model after training; writes standard ONNX.")
final class Quantize implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final Execution execution = new Execution();
  @Mixin private final DataOptions dataOptions = new DataOptions();
  @Mixin private final SchemeOptions schemeOptions = new SchemeOptions();
  @Mixin private final WeightOptions weightOptions = new WeightOptions();
  @Mixin private final ImprovementOptions improvementOptions = new ImprovementOptions();
  @Mixin private final CompilationOutput output = new CompilationOutput();
  @Mixin private final ReportOptions report = new ReportOptions();

  @Parameters(paramLabel = "MODEL", description = "The float model.")
  private Path model = Path.of("");

  @Option(
      names = "--calibration",
      paramLabel = "DATA",
      description = "Sample inputs: .npz, input=FILE.npy, a folder of .pb files or of pictures.")
  private @Nullable String calibration;

  @Option(
      names = "--calibration-cache",
      paramLabel = "FILE",
      description =
          "Keeps what was seen of the sample inputs, for the next time with this model and data.")
  private @Nullable Path cache;

  @Option(
      names = "--scheme",
      paramLabel = "static|w8a8|dynamic|weights",
      description =
          "static: ranges from sample inputs; w8a8: so, too, as SmoothQuant has it for"
              + " transformers: int8 around zero, probabilities unsigned, --improve smooth;"
              + " dynamic: ranges from the values of each run; weights: activations stay in float"
              + " (default: ${DEFAULT-VALUE}).")
  private String scheme = "static";

  @Option(
      names = "--format",
      paramLabel = "qdq|qlinear",
      description =
          "For --scheme static and w8a8: float operators between Q and DQ, or integer operators of ONNX and"
              + " ONNX Runtime (default: qdq).")
  private @Nullable String format;

  @Override
  public Integer call() {
    QuantizationScheme chosen = Choice.of("--scheme", scheme, QuantizationScheme.BY_NAME);
    QuantizedFormat written =
        Choice.of("--format", format == null ? "qdq" : format, QuantizedFormat.BY_NAME);
    if (format != null && !chosen.isCalibrated()) {
      throw new CommandException(
          "--format " + format + ": only --scheme static and w8a8 have formats");
    }
    if (chosen == QuantizationScheme.WEIGHTS) {
      return storeWeights();
    }
    weightOptions.requireAbsent();
    QuantScheme types = chosen.types(schemeOptions);
    Improvements improvements = chosen.improvements(improvementOptions);
    if (!chosen.isCalibrated() && !improvements.isEmpty()) {
      throw new CommandException(
          "--improve and --accuracy-target compare with sample inputs; they need --scheme static"
              + " or w8a8");
    }
    if (written == QuantizedFormat.QLINEAR && types.activationType().bits() > Byte.SIZE) {
      throw new CommandException(
          "--format qlinear: ONNX's integer operators take 8 bits; write "
              + types.activationType().text()
              + " activations with --format qdq");
    }
    output.requireWritable();
    report.requireMeasurable(calibration != null);
    Graph graph = ModelFile.read(model);
    CalibrationData data = calibration == null ? null : calibrationData(calibration, graph);
    CompilerOptions options =
        CompilerOptions.DEFAULT
            .withScheme(types)
            .withEvaluator(execution.batchEvaluator())
            .withImprovements(improvements);
    QuantizeRequest request =
        new QuantizeRequest(model, graph, types, schemeOptions.granularity(), data, options);
    CompiledModel quantized = Failure.naming(model, () -> chosen.quantize(request));
    CompiledModel formatted = Failure.naming(model, () -> written.of(quantized));
    output.write(console, formatted, OnnxWriteOptions.Operators.EXPANDED);
    report.write(model, graph, quantized, samples(graph), execution.evaluator());
    return Main.DONE;
  }

  /** The sample inputs in batches of a size, since a report holds every value of a batch. */
  private @Nullable IntFunction<Iterable<Map<String, Tensor>>> samples(Graph graph) {
    String source = calibration;
    return source == null ? null : size -> dataOptions.read(source, graph, size).batches();
  }

  private CalibrationData calibrationData(String source, Graph graph) {
    Data data = dataOptions.read(source, graph);
    CalibrationData samples =
        CalibrationData.of(Progress.over("calibrating", data.count(), data.batches()))
            .withThreads(execution.threads());
    if (cache == null) {
      return samples;
    }
    OutputFile.requireFolder(cache);
    return samples.withCache(cache, console::notice);
  }

  private int storeWeights() {
    if (!improvementOptions.improvements().isEmpty()) {
      throw new CommandException(
          "--improve and --accuracy-target are for --scheme static; give --rounding hqq or gptq");
    }
    output.requireWritable();
    report.requireMeasurable(calibration != null);
    Graph graph = ModelFile.read(model);
    Data data = calibration == null ? null : dataOptions.read(calibration, graph);
    QuantizeWeights pass = weightOptions.pass(schemeOptions, data);
    CompilerOptions options = CompilerOptions.DEFAULT.withEvaluator(execution.evaluator());
    CompiledModel stored =
        Failure.naming(
            model,
            () -> new Compiler(options).quantizeWeights(graph, pass, weightOptions.isPacked()));
    output.write(console, stored, OnnxWriteOptions.Operators.EXPANDED);
    report.write(model, graph, stored, samples(graph), execution.evaluator());
    return Main.DONE;
  }
}
