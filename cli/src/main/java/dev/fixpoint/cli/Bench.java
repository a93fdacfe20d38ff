package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Data;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.runtime.ExecutionOptions;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes the time of a model, as a whole and node by node. */
@Command(name = "bench", description = "Takes the time of a model.")
final class Bench implements Callable<Integer> {
  private static final double NANOS_PER_MILLI = 1e6;

  @Mixin private final Console console = new Console();
  @Mixin private final Execution execution = new Execution();
  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Parameters(paramLabel = "MODEL", description = "The model to run.")
  private Path model = Path.of("");

  @Option(
      names = "--input",
      paramLabel = "DATA",
      description = "Inputs, of which the first batch is taken (default: seeded random numbers).")
  private @Nullable String input;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Size of a first dimension that the model leaves open (default: 1).")
  private int batch = 1;

  @Option(names = "--per-node", description = "Also the time of each step.")
  private boolean perNode;

  @Option(
      names = "--simulate",
      description =
          "Keeps quantizers in float instead of lowering them to integer operators; with --provider"
              + " reference runs the file as it is written.")
  private boolean simulate;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Option(names = "--seconds", hidden = true, description = "How long to measure.")
  private double seconds = 2;

  @Override
  public Integer call() {
    if (batch < 1) {
      throw new CommandException("--batch " + batch + ": give 1 or more");
    }
    Graph graph = ModelFile.read(model);
    ExecutionOptions options = execution.options();
    Graph compiled = Failure.naming(model, () -> execution.runnable(graph, simulate));
    Map<String, Tensor> inputs = inputs(graph);
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    try (InferenceSession session = InferenceSession.of(compiled, options)) {
      ExecutionPlan plan = Failure.naming(model, () -> session.plan(shapes));
      Stopwatch times =
          Failure.naming(model, () -> Stopwatch.measure(seconds, work(compiled, session, inputs)));
      long[] nanos =
          perNode
              ? Failure.naming(model, () -> session.profile(inputs, times.runs()))
              : new long[0];
      report(plan, times, nanos);
    }
    return Main.DONE;
  }

  private Runnable work(Graph compiled, InferenceSession session, Map<String, Tensor> inputs) {
    if (execution.provider() != Execution.Provider.REFERENCE) {
      return () -> session.run(inputs);
    }
    Evaluator.Evaluation evaluation = execution.evaluator().prepare(compiled);
    return () -> evaluation.evaluate(inputs);
  }

  private Map<String, Tensor> inputs(Graph graph) {
    if (input == null) {
      return RandomInputs.of(graph, PlanReport.shapes(graph, batch));
    }
    Data data = dataOptions.read(input, graph, batch);
    return data.batches().iterator().next();
  }

  private void report(ExecutionPlan plan, Stopwatch times, long[] nanos) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("median_ms", times.median());
    object.put("p10_ms", times.quantile(0.1));
    object.put("p90_ms", times.quantile(0.9));
    if (execution.threads() == 1) {
      object.put("processor_ms", times.processorMillis());
    }
    object.put("runs", times.runs());
    object.put("provider", execution.provider().text());
    object.put("kernels", execution.kernels());
    object.put("threads", execution.threads());
    object.put("integer_mac_share", plan.integerMacShare());
    if (json) {
      if (perNode) {
        object.put("nodes", nodes(plan, times.runs(), nanos));
      }
      console.json(object);
      return;
    }
    console.line(
        Figures.fixed(times.median(), 3)
            + " ms (10 % below "
            + Figures.fixed(times.quantile(0.1), 3)
            + ", 90 % below "
            + Figures.fixed(times.quantile(0.9), 3)
            + processor(times)
            + ") in "
            + times.runs()
            + " runs, "
            + execution.kernels()
            + ", threads "
            + execution.threads()
            + ", multiply-accumulates on integers "
            + Figures.percent(plan.integerMacShare()));
    if (perNode) {
      printNodes(plan, times.runs(), nanos);
    }
  }

  /** Of one thread also its processor time. */
  private String processor(Stopwatch times) {
    return execution.threads() == 1
        ? ", processor time " + Figures.fixed(times.processorMillis(), 3)
        : "";
  }

  private static List<Map<String, Object>> nodes(ExecutionPlan plan, int runs, long[] nanos) {
    long all = Math.max(1, Arrays.stream(nanos).sum());
    List<Map<String, Object>> nodes = new ArrayList<>();
    for (int i = 0; i < nanos.length; i++) {
      Map<String, Object> node = PlanReport.json(plan.steps().get(i));
      node.put("ms", nanos[i] / NANOS_PER_MILLI / runs);
      node.put("share", (double) nanos[i] / all);
      nodes.add(node);
    }
    return nodes;
  }

  private void printNodes(ExecutionPlan plan, int runs, long[] nanos) {
    long all = Math.max(1, Arrays.stream(nanos).sum());
    Table table =
        new Table("lllrrrr", "step", "operator", "kernel", "MACs", "bytes", "ms", "share");
    for (int i = 0; i < nanos.length; i++) {
      ExecutionPlan.Step step = plan.steps().get(i);
      table.row(
          step.name(),
          step.operator(),
          step.kernel(),
          Figures.count(step.multiplyAccumulates()),
          Figures.count(PlanReport.bytes(step)),
          Figures.fixed(nanos[i] / NANOS_PER_MILLI / runs, 4),
          Figures.percent((double) nanos[i] / all));
    }
    table.print(console);
  }
}
