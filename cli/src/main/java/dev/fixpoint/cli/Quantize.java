package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.cli.data.Data;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriteOptions;
import dev.fixpoint.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Quantizes a float model after training, from sample data. */
@Command(
    name = "quantize",
    description = "Quantizes a float model after training; writes standard ONNX with Q and DQ.")
final class Quantize implements Callable<Integer> {
  private static final Map<String, ElementType> BYTES =
      Map.of("uint8", ElementType.UINT8, "int8", ElementType.INT8);
  private static final Map<String, CalibrationMethod> CALIBRATORS =
      Map.of(
          "minmax", CalibrationMethod.MINMAX,
          "moving", CalibrationMethod.MOVING_AVERAGE,
          "percentile", CalibrationMethod.PERCENTILE,
          "percentile:99.99", CalibrationMethod.PERCENTILE,
          "entropy", CalibrationMethod.ENTROPY,
          "mse", CalibrationMethod.MSE);

  @Mixin private final Console console = new Console();
  @Mixin private final Execution execution = new Execution();
  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Parameters(paramLabel = "MODEL", description = "The float model.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--calibration",
      paramLabel = "DATA",
      description = "Sample inputs: .npz, input=FILE.npy, a folder of .pb files or of pictures.")
  private @Nullable String calibration;

  @Option(names = "--scheme", paramLabel = "static", description = "What is quantized when.")
  private String scheme = "static";

  @Option(names = "--format", paramLabel = "qdq", description = "How it is written.")
  private String format = "qdq";

  @Option(
      names = "--activations",
      paramLabel = "uint8|int8",
      description = "Type of activations (default: ${DEFAULT-VALUE}).")
  private String activations = "uint8";

  @Option(
      names = "--weights",
      paramLabel = "int8|uint8",
      description = "Type of weights (default: ${DEFAULT-VALUE}).")
  private String weights = "int8";

  @Option(
      names = "--granularity",
      paramLabel = "tensor|channel",
      description = "One scale for a weight, or one for each channel (default: ${DEFAULT-VALUE}).")
  private String granularity = "channel";

  @Option(
      names = "--calibrator",
      paramLabel = "minmax|moving|percentile|entropy|mse",
      description = "How ranges are chosen (default: ${DEFAULT-VALUE}).")
  private String calibrator = "minmax";

  @Option(
      names = "--exclude",
      paramLabel = "REGEX",
      description = "Nodes whose name this finds stay in float; may be given again.")
  private List<String> exclude = List.of();

  @Override
  public Integer call() {
    QuantScheme chosen = scheme();
    ModelFile.requireWritable(out);
    if (calibration == null) {
      throw new CommandException(
          model + ": static quantization observes sample inputs; give --calibration DATA");
    }
    Graph graph = ModelFile.read(model);
    Data data = dataOptions.read(calibration, graph);
    Compiler compiler =
        new Compiler(
            CompilerOptions.DEFAULT.withScheme(chosen).withEvaluator(execution.evaluator()));
    CompiledModel quantized =
        Failure.naming(
            model,
            () ->
                compiler.quantize(
                    graph, Progress.over("calibrating", data.count(), data.batches())));
    ModelFile.write(quantized.graph(), out, OnnxWriteOptions.Operators.EXPANDED);
    new Ledger(quantized.records()).print(console, false);
    return Main.DONE;
  }

  private QuantScheme scheme() {
    oneOf("--scheme", scheme, Map.of("static", scheme));
    oneOf("--format", format, Map.of("qdq", format));
    return QuantScheme.DEFAULT
        .withTypes(oneOf("--activations", activations, BYTES), oneOf("--weights", weights, BYTES))
        .withPerChannel(
            oneOf("--granularity", granularity, Map.of("tensor", false, "channel", true)))
        .withCalibration(oneOf("--calibrator", calibrator, CALIBRATORS))
        .excluding(exclude.stream().map(Quantize::pattern).toList(), List.of());
  }

  private static <T> T oneOf(String option, String value, Map<String, T> known) {
    T found = known.get(value);
    if (found == null) {
      throw new CommandException(
          option
              + " "
              + value
              + ": this is not available; give "
              + String.join(" or ", known.keySet().stream().sorted().toList()));
    }
    return found;
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new CommandException("--exclude " + regex + ": " + e.getDescription(), e);
    }
  }
}
