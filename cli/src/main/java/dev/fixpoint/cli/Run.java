package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Data;
import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a model on data. */
@Command(name = "run", description = "Runs a model on data.")
final class Run implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final Execution execution = new Execution();
  @Mixin private final DataOptions dataOptions = new DataOptions();
  @Mixin private final BoxOptions boxes = new BoxOptions();

  @Parameters(paramLabel = "MODEL", description = "The model to run.")
  private Path model = Path.of("");

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DATA",
      description = "Inputs: .npz, input=FILE.npy, a folder of .pb files or of pictures.")
  private String input = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT.npz",
      description = "Where to write the outputs; otherwise the first numbers are shown.")
  private @Nullable Path out;

  @Option(
      names = "--simulate",
      description =
          "Keeps quantizers in float instead of lowering them to integer operators; with --provider"
              + " reference runs the file as it is written.")
  private boolean simulate;

  @Override
  public Integer call() {
    Path file = out;
    if (file != null) {
      OutputFile.requireFolder(file);
    }
    Graph graph = ModelFile.read(model);
    Data data = dataOptions.read(input, graph);
    BoxDrawing drawing = boxes.drawing(data, graph);
    Map<String, Tensor> outputs = Failure.naming(model, () -> outputs(graph, data, drawing));
    if (file == null && drawing == null) {
      outputs.forEach((name, tensor) -> console.line(name + ": " + tensor));
    } else if (file != null) {
      OutputFile.write(file, beside -> Npz.write(beside, outputs));
    }
    return Main.DONE;
  }

  private Map<String, Tensor> outputs(Graph graph, Data data, @Nullable BoxDrawing drawing) {
    Evaluator.Evaluation evaluation =
        execution.evaluator().prepare(execution.runnable(graph, simulate));
    OutputBatches outputs = new OutputBatches();
    Iterator<Path> pictures = data.pictures().iterator();
    for (Map<String, Tensor> batch : Progress.over("running", data.count(), data.batches())) {
      Map<String, Tensor> found = evaluation.evaluate(batch);
      outputs.add(found);
      if (drawing != null) {
        drawing.draw(pictures.next(), found, console);
      }
    }
    return outputs.joined();
  }
}
