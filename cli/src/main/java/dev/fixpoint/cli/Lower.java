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
import picocli.CommandLine.Parameters;

/** Turns a QDQ or fake-quantized graph into one of integer operators. */
@Command(
    name = "lower",
    description = "Turns a QDQ or fake-quantized graph into one of integer operators.")
final class Lower implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final CompilationOutput output = new CompilationOutput();

  @Parameters(paramLabel = "MODEL", description = "The quantized model.")
  private Path model = Path.of("");

  @Override
  public Integer call() {
    output.requireWritable();
    Graph graph = ModelFile.read(model);
    CompiledModel lowered =
        Failure.naming(model, () -> new Compiler(CompilerOptions.DEFAULT).lower(graph));
    output.write(console, lowered, OnnxWriteOptions.Operators.KEPT);
    return Main.DONE;
  }
}
