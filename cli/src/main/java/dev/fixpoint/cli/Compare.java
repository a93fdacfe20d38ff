package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Data;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs two models on the same data and says how far their outputs are apart. */
@Command(name = "compare", description = "Runs two models on the same data and compares outputs.")
final class Compare implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final Execution execution = new Execution();
  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Parameters(index = "0", paramLabel = "A", description = "The model that is right.")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "The model to compare with it.")
  private Path second = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "Inputs for both; accuracies are told where it has 'label'.")
  private String data = "";

  @Option(
      names = "--per-node",
      description = "Also the float values that both models have under the same name.")
  private boolean perNode;

  @Option(
      names = "--min-sqnr",
      paramLabel = "DB",
      description = "Exit code 1 if an output has less.")
  private @Nullable Double minSqnr;

  @Option(
      names = "--simulate",
      description =
          "Keeps quantizers in float instead of lowering them to integer operators; with --provider"
              + " reference runs the file as it is written.")
  private boolean simulate;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    Graph a = ModelFile.read(first);
    Graph b = ModelFile.read(second);
    if (a.outputs().size() != b.outputs().size()) {
      throw new CommandException(
          second
              + ": it has "
              + b.outputs().size()
              + " outputs, but "
              + first
              + " has "
              + a.outputs().size()
              + "; compare models with the same outputs");
    }
    Data samples = dataOptions.read(data, a);
    Graph runsB = Failure.naming(second, () -> execution.runnable(b, simulate));
    CertificateCheck certificates =
        Failure.naming(second, () -> new CertificateCheck(a, b, runsB, execution.evaluator()));
    List<OutputComparison> outputs = outputs(a, runsB, samples, certificates);
    List<NodeComparison.Line> nodes =
        perNode
            ? Failure.naming(
                second, () -> NodeComparison.of(execution.evaluator(), a, b, samples.batches()))
            : List.of();
    report(outputs, nodes, certificates);
    Double least = minSqnr;
    boolean tooNoisy = least != null && outputs.stream().anyMatch(o -> o.decibels() < least);
    return tooNoisy || !certificates.holds() ? Main.FELL_SHORT : Main.DONE;
  }

  private List<OutputComparison> outputs(
      Graph a, Graph runsB, Data samples, CertificateCheck certificates) {
    Evaluator.Evaluation runA =
        Failure.naming(first, () -> execution.evaluator().prepare(execution.runnable(a, simulate)));
    Evaluator.Evaluation runB = Failure.naming(second, () -> execution.evaluator().prepare(runsB));
    List<OutputComparison> outputs = new ArrayList<>();
    for (int i = 0; i < a.outputs().size(); i++) {
      outputs.add(new OutputComparison(a.outputs().get(i).name(), samples.labels()));
    }
    for (Map<String, Tensor> batch : Progress.over("running", samples.count(), samples.batches())) {
      List<Tensor> left = List.copyOf(Failure.naming(first, () -> runA.evaluate(batch)).values());
      List<Tensor> right = List.copyOf(Failure.naming(second, () -> runB.evaluate(batch)).values());
      for (int i = 0; i < outputs.size(); i++) {
        Tensor reference = left.get(i);
        Tensor actual = right.get(i);
        if (!reference.shape().equals(actual.shape())) {
          throw new CommandException(
              second
                  + ": output "
                  + i
                  + " is "
                  + actual.type()
                  + ", but that of "
                  + first
                  + " is "
                  + reference.type()
                  + "; compare models with the same outputs");
        }
        outputs.get(i).add(reference, actual);
      }
      Failure.naming(
          second,
          () -> {
            certificates.add(batch, left, right);
            return certificates;
          });
    }
    return outputs;
  }

  private void report(
      List<OutputComparison> outputs,
      List<NodeComparison.Line> nodes,
      CertificateCheck certificates) {
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("outputs", outputs.stream().map(OutputComparison::json).toList());
      if (perNode) {
        object.put("nodes", nodes.stream().map(NodeComparison.Line::json).toList());
      }
      object.put("certificates", certificates.json());
      console.json(object);
      return;
    }
    Table table =
        new Table("lrrrrr", "output", "SQNR dB", "max abs", "same argmax", "acc. A", "acc. B");
    outputs.forEach(output -> output.row(table));
    table.print(console);
    certificates.print(console);
    if (perNode) {
      console.line("");
      Table values = new Table("lrr", "value", "SQNR dB", "max abs");
      nodes.forEach(line -> line.row(values));
      values.print(console);
    }
  }
}
