package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.onnx.OnnxWriteOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of where a compiled model and its ledger go, and the writing of both. */
final class CompilationOutput {
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--ledger",
      paramLabel = "FILE.json",
      description =
          "Where to write every rewrite that fired, with its bound, and what became of each node.")
  private @Nullable Path ledger;

  /** Refuses early what cannot be written. */
  void requireWritable() {
    ModelFile.requireWritable(out);
    Path file = ledger;
    if (file != null) {
      OutputFile.requireFolder(file);
    }
  }

  /** Writes model and ledger, and prints what happened. */
  void write(Console console, CompiledModel model, OnnxWriteOptions.Operators operators) {
    ModelFile.write(model.graph(), out, operators);
    Ledger all = new Ledger(model);
    Path file = ledger;
    if (file != null) {
      all.write(file);
    }
    all.print(console, false);
  }
}
