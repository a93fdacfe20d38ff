package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.cli.data.Data;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriteOptions.Operators;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the graph to train: fake quantizers on float weights and activations. */
@Command(
    name = "qat",
    description = "Makes the graph to train: fake quantizers on float weights and activations.")
final class Qat implements Callable<Integer> {
  private static final Map<String, Operators> STYLES =
      Map.of("qdq", Operators.EXPANDED, "fakequant", Operators.FUNCTIONS);

  @Mixin private final Console console = new Console();
  @Mixin private final Execution execution = new Execution();
  @Mixin private final DataOptions dataOptions = new DataOptions();
  @Mixin private final SchemeOptions schemeOptions = new SchemeOptions();
  @Mixin private final CompilationOutput output = new CompilationOutput();

  @Parameters(paramLabel = "MODEL", description = "The float model.")
  private Path model = Path.of("");

  @Option(
      names = "--calibration",
      paramLabel = "DATA",
      description =
          "Sample inputs that ranges start from; without them ranges start at -6 to 6, or less"
              + " where less is possible.")
  private @Nullable String calibration;

  @Option(
      names = "--style",
      paramLabel = "qdq|fakequant",
      description =
          "QuantizeLinear and DequantizeLinear, or one function of the model for both (default:"
              + " ${DEFAULT-VALUE}).")
  private String style = "qdq";

  @Override
  public Integer call() {
    Operators operators = Choice.of("--style", style, STYLES);
    QuantScheme scheme = schemeOptions.scheme();
    if ("token".equals(schemeOptions.granularity())) {
      throw new CommandException(
          "--granularity token: a row's range is known only when the network runs; give tensor or"
              + " channel");
    }
    output.requireWritable();
    Graph graph = ModelFile.read(model);
    Compiler compiler =
        new Compiler(
            CompilerOptions.DEFAULT.withScheme(scheme).withEvaluator(execution.evaluator()));
    Iterable<Map<String, Tensor>> batches =
        calibration == null ? null : batches(graph, calibration);
    CompiledModel prepared = Failure.naming(model, () -> compiler.prepareTraining(graph, batches));
    output.write(console, prepared, operators);
    return Main.DONE;
  }

  private Iterable<Map<String, Tensor>> batches(Graph graph, String data) {
    Data samples = dataOptions.read(data, graph);
    return Progress.over("calibrating", samples.count(), samples.batches());
  }
}
