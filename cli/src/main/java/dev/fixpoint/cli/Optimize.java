package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriteOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Folds, fuses and cleans up: float in, float out. */
@Command(name = "optimize", description = "Folds, fuses and cleans up: float in, float out.")
final class Optimize implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final RuleOptions options = new RuleOptions();

  @Parameters(paramLabel = "MODEL", description = "The model to optimize.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--ledger",
      paramLabel = "FILE.json",
      description = "Where to write every rewrite that fired, with its bound.")
  private @Nullable Path ledger;

  @Override
  public Integer call() {
    ModelFile.requireWritable(out);
    Path ledgerFile = ledger;
    if (ledgerFile != null) {
      OutputFile.requireFolder(ledgerFile);
    }
    CompilerOptions withRules = CompilerOptions.DEFAULT.withRules(options.rules());
    Graph graph = ModelFile.read(model);
    CompiledModel optimized = Failure.naming(model, () -> new Compiler(withRules).optimize(graph));
    ModelFile.write(optimized.graph(), out, OnnxWriteOptions.Operators.EXPANDED);
    Ledger ledgerOfAll = new Ledger(optimized.records());
    if (ledgerFile != null) {
      ledgerOfAll.write(ledgerFile);
    }
    ledgerOfAll.print(console, false);
    return Main.DONE;
  }
}
