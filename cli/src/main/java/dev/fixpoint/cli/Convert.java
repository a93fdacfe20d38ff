package dev.fixpoint.cli;

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

/** Writes a model anew in its operators' newest forms or in older ones, as protobuf or as text. */
@Command(
    name = "convert",
    description =
        "Writes a model anew: .onnx or .onnxtxt, lifted to a newer opset or an older one.")
final class Convert implements Callable<Integer> {
  @Mixin private final Console console = new Console();

  @Parameters(index = "0", paramLabel = "IN", description = "The model to read.")
  private Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--opset",
      paramLabel = "N",
      description =
          "Opset to write (default: 21, or what the operators need); operators that it lacks are"
              + " spelled out.")
  private int opset;

  @Override
  public Integer call() {
    ModelFile.requireWritable(out);
    Graph graph = ModelFile.read(in);
    if (opset == 0) {
      ModelFile.write(graph, out, OnnxWriteOptions.Operators.KEPT);
    } else {
      requireKnown();
      Compiler compiler = new Compiler(CompilerOptions.DEFAULT);
      Graph spelled = Failure.naming(in, () -> compiler.spellOut(graph, opset).graph());
      ModelFile.write(spelled, out, opset);
    }
    return Main.DONE;
  }

  private void requireKnown() {
    if (opset < OnnxWriteOptions.OLDEST_OPSET || opset > OnnxWriteOptions.NEWEST_OPSET) {
      throw new CommandException(
          "--opset "
              + opset
              + ": opsets "
              + OnnxWriteOptions.OLDEST_OPSET
              + " to "
              + OnnxWriteOptions.NEWEST_OPSET
              + " can be written; give one of these");
    }
  }
}
