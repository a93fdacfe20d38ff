package dev.fixpoint.report;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of a float graph with the quantized one made from it, on sample inputs. Values of
 * the same name are compared: what the float graph has, with what the quantized graph has after the
 * quantizer that reads it.
 */
public final class LayerStudy {
  private final Graph real;
  private final Graph quantized;
  private final Map<String, @Nullable Grid> grids = new LinkedHashMap<>();
  private final Map<String, LayerSums> sums = new LinkedHashMap<>();

  private LayerStudy(Graph real, Graph quantized) {
    this.real = real;
    this.quantized = quantized;
    List<Value> candidates = new ArrayList<>(quantized.inputs());
    quantized.nodes().stream()
        .filter(node -> !Grid.endsAt(node))
        .forEach(node -> candidates.addAll(node.outputs()));
    for (Value value : candidates) {
      Value twin = real.find(value.name()).orElse(null);
      boolean comparable =
          twin != null
              && real.constant(twin) == null
              && quantized.constant(value) == null
              && real.type(twin).elementType().isFloat()
              && quantized.type(value).elementType().isFloat();
      Grid grid = comparable ? Grid.of(quantized, value) : null;
      if (comparable && (grid != null || quantized.producer(value) != null)) {
        grids.put(value.name(), grid);
        sums.put(value.name(), new LayerSums(grid));
      }
    }
  }

  /**
   * The figures of all values that both graphs have, the worst first.
   *
   * @param real the float graph
   * @param quantized the graph with FakeQuant, or with QuantizeLinear and DequantizeLinear
   * @param batches sample inputs, tensor by input name
   */
  public static List<LayerFigures> worstFirst(
      Graph real,
      Graph quantized,
      Iterable<? extends Map<String, Tensor>> batches,
      Evaluator evaluator) {
    LayerStudy study = new LayerStudy(real, quantized);
    study.run(batches, evaluator);
    return study.figures();
  }

  private void run(Iterable<? extends Map<String, Tensor>> batches, Evaluator evaluator) {
    Set<Value> ofReal = new LinkedHashSet<>();
    Set<Value> ofQuantized = new LinkedHashSet<>();
    grids.forEach(
        (name, grid) -> {
          addMade(real, name, ofReal);
          addMade(quantized, name, ofQuantized);
          if (grid != null) {
            ofQuantized.add(grid.output());
          }
        });
    Evaluator.Evaluation expected = evaluator.prepare(real, ofReal);
    Evaluator.Evaluation actual = evaluator.prepare(quantized, ofQuantized);
    for (Map<String, Tensor> batch : batches) {
      add(seen(expected, batch), seen(actual, batch));
    }
  }

  private static void addMade(Graph graph, String name, Set<Value> taps) {
    graph.find(name).filter(value -> graph.producer(value) != null).ifPresent(taps::add);
  }

  /** The numbers of each tapped value and of the inputs; a tap's tensor may be freed. */
  private static Map<String, double[]> seen(
      Evaluator.Evaluation evaluation, Map<String, Tensor> batch) {
    Map<String, double[]> seen = new HashMap<>();
    batch.forEach(
        (name, tensor) -> {
          if (tensor.elementType().isFloat()) {
            seen.put(name, tensor.toDoubles());
          }
        });
    evaluation.evaluate(batch, (value, tensor) -> seen.put(value.name(), tensor.toDoubles()));
    return seen;
  }

  private void add(Map<String, double[]> expected, Map<String, double[]> actual) {
    sums.forEach(
        (name, sum) -> {
          Grid grid = grids.get(name);
          double[] wanted = expected.get(name);
          double[] before = actual.get(name);
          double[] after = grid == null ? before : actual.get(grid.output().name());
          if (wanted != null && before != null && after != null) {
            sum.compare(wanted, after);
            sum.quantize(before, after);
          }
        });
  }

  private List<LayerFigures> figures() {
    List<LayerFigures> figures = new ArrayList<>();
    sums.forEach(
        (name, sum) -> {
          Node node = quantized.find(name).map(quantized::producer).orElse(null);
          figures.add(
              new LayerFigures(
                  name,
                  node == null || node.name().isEmpty() ? name : node.name(),
                  node == null ? "input" : node.opId().toString(),
                  sum.sqnr(),
                  sum.rmse(),
                  sum.largest(),
                  sum.quantizer()));
        });
    figures.sort(LayerFigures.WORST_FIRST);
    return figures;
  }
}
