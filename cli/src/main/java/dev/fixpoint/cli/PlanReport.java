package dev.fixpoint.cli;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a model runs, for people and as JSON.
 *
 * @param plan the plan
 */
record PlanReport(ExecutionPlan plan) {
  /** The plan of a model as it runs: lowered where it is quantized, symbolic dimensions 1. */
  static PlanReport of(Path file, Graph model) {
    return Failure.naming(
        file,
        () -> {
          Graph graph = Execution.compiled(model, false);
          try (InferenceSession session = InferenceSession.of(graph)) {
            return new PlanReport(session.plan(shapes(graph, 1)));
          }
        });
  }

  /**
   * Shapes of the inputs without unknowns.
   *
   * @param batch size of a first dimension that is not known; others become 1
   */
  static Map<String, Shape> shapes(Graph graph, long batch) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      Shape shape = graph.type(input).shape();
      if (!shape.isRanked()) {
        throw new CommandException(
            "input '" + input.name() + "' has no shape; give it one, or data by --input");
      }
      Shape known = shape;
      for (int i = 0; i < shape.rank(); i++) {
        if (!shape.dimension(i).isFixed()) {
          known = known.with(i, Dimension.of(i == 0 ? batch : 1));
        }
      }
      shapes.put(input.name(), known);
    }
    return shapes;
  }

  /** Bytes that a step writes, as far as its types are known. */
  static long bytes(ExecutionPlan.Step step) {
    return step.outputTypes().stream()
        .filter(type -> type.shape().isStatic() && type.elementType().bits() > 0)
        .mapToLong(type -> type.elementType().bytes(type.shape().elementCount()))
        .sum();
  }

  /** As JSON. */
  Map<String, Object> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("integer_mac_share", plan.integerMacShare());
    object.put("macs", plan.multiplyAccumulates());
    object.put("arena_bytes", plan.arenaBytes());
    object.put("packed_bytes", plan.packedBytes());
    object.put("steps", plan.steps().stream().map(PlanReport::json).toList());
    return object;
  }

  /** A step as JSON. */
  static Map<String, Object> json(ExecutionPlan.Step step) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", step.name());
    object.put("operator", step.operator());
    object.put("kernel", step.kernel());
    object.put("layout", layout(step));
    object.put("outputs", step.outputTypes().stream().map(TensorType::toString).toList());
    object.put("offsets", List.copyOf(step.offsets()));
    object.put("macs", step.multiplyAccumulates());
    object.put("bytes", bytes(step));
    object.put("integer", step.isInteger());
    return object;
  }

  private static String layout(ExecutionPlan.Step step) {
    return step.layout().name().toLowerCase(Locale.ROOT);
  }

  /** Prints the steps. */
  void print(Console console) {
    console.line("");
    Table table = new Table("lllllr", "step", "operator", "kernel", "layout", "output", "MACs");
    for (ExecutionPlan.Step step : plan.steps()) {
      String types =
          step.outputTypes().stream().map(TensorType::toString).collect(Collectors.joining(" "));
      table.row(
          step.name(),
          step.operator(),
          step.kernel(),
          layout(step),
          types,
          Figures.count(step.multiplyAccumulates()));
    }
    table.print(console);
    console.line("");
    console.line(
        "arena "
            + Figures.count(plan.arenaBytes())
            + " bytes, packed constants "
            + Figures.count(plan.packedBytes())
            + " bytes, multiply-accumulates on integers "
            + Figures.percent(plan.integerMacShare()));
  }
}
