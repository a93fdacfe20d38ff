package dev.fixpoint.cli;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.pass.BrokenPromiseException;
import dev.fixpoint.pass.DifferentialCheck;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.testing.SmallestFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Holds every rewrite of a compilation to its declared bound: cuts the nodes before and after out
 * of the graph, evaluates both on random inputs inside the ranges, and compares.
 */
@Command(
    name = "verify",
    description = "Holds every rewrite of a pipeline to its declared bound, on random inputs.")
final class Verify implements Callable<Integer> {
  /** Float inputs are taken to lie within plus and minus this. */
  private static final double MAGNITUDE = 1;

  private static final long SYMBOLIC_SIZE = 1;

  @Mixin private final Console console = new Console();

  @Parameters(paramLabel = "MODEL", description = "The model to compile.")
  private Path model = Path.of("");

  /** Which passes run. */
  private enum PipelineName {
    OPTIMIZE,
    QUANTIZE,
    LOWER
  }

  @Option(
      names = "--pipeline",
      paramLabel = "NAME",
      description =
          "Which passes: optimize, quantize (and what comes before), or lower; optimize by default.")
  private PipelineName pipeline = PipelineName.OPTIMIZE;

  @Option(
      names = "--tries",
      paramLabel = "N",
      description = "Random inputs for each rewrite; 10 by default.")
  private int tries = 10;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Where the random inputs begin; 1 by default.")
  private long seed = 1;

  @Mixin private final RuleOptions rules = new RuleOptions();

  @Override
  public Integer call() {
    if (tries < 1) {
      throw new CommandException("--tries " + tries + ": give a number of 1 or more");
    }
    Graph graph = ModelFile.read(model);
    RuleSet more = rules.rules();
    DifferentialCheck check = new DifferentialCheck(tries, seed);
    try {
      Failure.naming(model, () -> compile(graph, ranges(graph), more, check));
    } catch (BrokenPromiseException broken) {
      report(
          SmallestFailure.of(
              broken,
              (less, ranges) -> compile(less, ranges, more, new DifferentialCheck(tries, seed))));
      return Main.FELL_SHORT;
    }
    report(check);
    return Main.DONE;
  }

  private boolean compile(
      Graph graph, Map<String, Range> ranges, RuleSet more, DifferentialCheck check) {
    Compiler compiler =
        new Compiler(
            CompilerOptions.DEFAULT
                .withInputRanges(ranges)
                .withRules(more)
                .withObservers(List.of(check)));
    switch (pipeline) {
      case OPTIMIZE -> compiler.optimize(graph);
      case QUANTIZE -> compiler.quantize(graph, List.of(RandomInputs.of(graph, shapes(graph))));
      case LOWER -> compiler.lower(graph);
    }
    return true;
  }

  private static Map<String, Range> ranges(Graph graph) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      if (graph.type(input).elementType().isFloat()) {
        ranges.put(input.name(), Range.of(-MAGNITUDE, MAGNITUDE));
      }
    }
    return ranges;
  }

  private static Map<String, Shape> shapes(Graph graph) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      TensorType type = graph.type(input);
      if (!type.shape().isRanked()) {
        throw new CommandException("input '" + input.name() + "' has no rank; declare its shape");
      }
      List<Dimension> sizes = new ArrayList<>();
      for (Dimension dimension : type.shape().dimensions()) {
        sizes.add(dimension.isFixed() ? dimension : Dimension.of(SYMBOLIC_SIZE));
      }
      shapes.put(input.name(), Shape.of(sizes));
    }
    return shapes;
  }

  private void report(SmallestFailure smallest) {
    smallest.text().lines().forEach(console::line);
    console.line(
        "Written to a file, that graph shows it again under the same rules with --pipeline "
            + pipeline.name().toLowerCase(Locale.ROOT)
            + " --tries "
            + tries
            + " --seed "
            + seed);
  }

  private void report(DifferentialCheck check) {
    Map<String, Summary> byRewrite = new LinkedHashMap<>();
    for (DifferentialCheck.Checked checked : check.checked()) {
      byRewrite.merge(checked.rewrite(), new Summary(1, 0, checked.ratio()), (a, b) -> a.plus(b));
    }
    for (DifferentialCheck.Unchecked left : check.unchecked()) {
      byRewrite.merge(left.rewrite(), new Summary(0, 1, 0), (a, b) -> a.plus(b));
    }
    Table table = new Table("lrrr", "rewrite", "kept", "not checked", "of its bound");
    byRewrite.forEach(
        (rewrite, summary) ->
            table.row(
                rewrite,
                Integer.toString(summary.kept),
                Integer.toString(summary.unchecked),
                String.format(Locale.ROOT, "%.3f", summary.ratio)));
    table.print(console);
    for (DifferentialCheck.Unchecked left : check.unchecked()) {
      console.line("not checked: " + left.rewrite() + " at " + left.node() + ": " + left.reason());
    }
  }

  /** What became of all applications of a rewrite. */
  private record Summary(int kept, int unchecked, double ratio) {
    private Summary plus(Summary other) {
      return new Summary(
          kept + other.kept, unchecked + other.unchecked, Math.max(ratio, other.ratio));
    }
  }
}
