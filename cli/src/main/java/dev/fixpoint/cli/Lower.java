package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriteOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a QDQ or fake-quantized graph into one of integer operators. */
@Command(
    name = "lower",
    description = "Turns a QDQ or fake-quantized graph into one of integer operators.")
final class Lower implements Callable<Integer> {
  @Mixin private final Console console = new Console();

  @Parameters(paramLabel = "MODEL", description = "The quantized model.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    ModelFile.requireWritable(out);
    Graph graph = ModelFile.read(model);
    CompiledModel lowered =
        Failure.naming(model, () -> new Compiler(CompilerOptions.DEFAULT).lower(graph));
    ModelFile.write(lowered.graph(), out, OnnxWriteOptions.Operators.KEPT);
    new Ledger(lowered.records()).print(console, false);
    return Main.DONE;
  }
}
