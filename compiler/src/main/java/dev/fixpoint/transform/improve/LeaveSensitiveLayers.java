package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves the fewest layers in float with which a target is met on calibration data. Sensitivities
 * come from one pass over the data ({@link Sensitivities}); layers are taken in their order, and
 * how many is found by bisection. One that turns out not to be needed is quantized again, and
 * quantizers that no integer operator reads any more go.
 *
 * <pre>
 *   y = Conv(FakeQuant(x), FakeQuant(w), qb)    →    y = Conv(x, w, b)
 * </pre>
 *
 * @param reference float graph and calibration data
 * @param target what has to be reached
 */
public record LeaveSensitiveLayers(Reference reference, Target target) implements Pass {
  private static final String NAME = "accuracy-target";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    double plain = target.measure(reference, graph, context.evaluator());
    if (plain >= target.least()) {
      return graph;
    }
    List<Value> order = Sensitivities.of(reference, graph, context.evaluator()).worstFirst();
    int enough = fewest(graph, order, context);
    List<Value> chosen = new ArrayList<>(order.subList(0, enough));
    if (reaches(restored(graph, chosen, context.branch()), context)) {
      for (Value layer : List.copyOf(chosen).reversed()) {
        List<Value> without = new ArrayList<>(chosen);
        without.remove(layer);
        if (reaches(restored(graph, without, context.branch()), context)) {
          chosen = without;
        }
      }
    }
    Graph result = restored(graph, chosen, context);
    double reached = target.measure(reference, result, context.evaluator());
    if (reached < target.least()) {
      Node last = graph.nodes().getLast();
      context.refuse(
          NAME,
          last,
          target.text(target.least())
              + " is not reached with every layer in float: "
              + target.text(reached));
    }
    return result;
  }

  private boolean reaches(Graph graph, PassContext context) {
    return target.measure(reference, graph, context.evaluator()) >= target.least();
  }

  /** The smallest number of layers, in order, with which the target is met; else all. */
  private int fewest(Graph graph, List<Value> order, PassContext context) {
    int low = 0;
    int high = order.size();
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (reaches(restored(graph, order.subList(0, middle), context.branch()), context)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private Graph restored(Graph graph, List<Value> layers, PassContext context) {
    Graph current = graph;
    for (Value output : layers) {
      current = FloatRestoration.of(reference.graph(), output).apply(NAME, current, context);
    }
    return IdleQuantizers.drop(NAME, current, context);
  }
}
