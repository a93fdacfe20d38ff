package dev.fixpoint.cli;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxWriteOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model anew in its operators' newest forms, as protobuf or as text. */
@Command(
    name = "convert",
    description = "Writes a model anew: .onnx or .onnxtxt, lifted to a newer opset.")
final class Convert implements Callable<Integer> {
  private static final long NEWEST_OPSET = 26;

  @Mixin private final Console console = new Console();

  @Parameters(index = "0", paramLabel = "IN", description = "The model to read.")
  private Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--opset",
      paramLabel = "N",
      description = "Opset to write (default: 21, or what the operators need).")
  private long opset;

  @Override
  public Integer call() {
    ModelFile.requireWritable(out);
    Graph graph = ModelFile.read(in);
    ModelFile.write(opset == 0 ? graph : withOpset(graph), out, OnnxWriteOptions.Operators.KEPT);
    return Main.DONE;
  }

  private Graph withOpset(Graph graph) {
    long lowest = graph.opset("");
    if (opset < lowest || opset > NEWEST_OPSET) {
      throw new CommandException(
          "--opset "
              + opset
              + ": "
              + in
              + " can be written in opsets "
              + lowest
              + " to "
              + NEWEST_OPSET
              + "; give one of these");
    }
    Map<String, Long> opsets = new LinkedHashMap<>(graph.info().opsets());
    opsets.put("", opset);
    return graph.withInfo(graph.info().withOpsets(opsets));
  }
}
