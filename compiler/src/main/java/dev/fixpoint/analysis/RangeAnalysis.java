package dev.fixpoint.analysis;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of values, derived from declared ranges of the graph's inputs and from the constants
 * by each operator's range transfer. An input without a declared range may be anything.
 *
 * <p>Ranges are computed when first asked for, so that an analysis can follow a graph that is being
 * rewritten: a value computed differently keeps its range where the rewrite is equal over the
 * reals, and {@link #invalidate} drops what no longer holds.
 */
public final class RangeAnalysis {
  private final GraphView graph;
  private final Function<Node, OpCall> calls;
  private final Function<Value, @Nullable Tensor> constants;
  private final Map<String, Range> inputRanges;
  private final Map<Value, Range> limits;
  private final Map<Value, Range> ranges = new HashMap<>();

  /**
   * An analysis of a graph.
   *
   * @param inputRanges declared range by input name
   */
  public RangeAnalysis(GraphView graph, Map<String, Range> inputRanges) {
    this.graph = graph;
    this.calls = node -> TypeInference.call(graph, node);
    this.constants = graph::constant;
    this.inputRanges = Map.copyOf(inputRanges);
    this.limits = new HashMap<>();
  }

  /**
   * An analysis of a graph of which more is known than its inputs and initializers.
   *
   * @param limits ranges that values are known to lie in
   */
  RangeAnalysis(FoldedGraph folded, Map<String, Range> inputRanges, Map<Value, Range> limits) {
    this.graph = folded.graph();
    this.calls = folded::call;
    this.constants = folded::constant;
    this.inputRanges = Map.copyOf(inputRanges);
    this.limits = new HashMap<>(limits);
  }

  /** The ranges of all values of a graph. */
  public static Map<Value, Range> of(Graph graph, Map<String, Range> inputRanges) {
    RangeAnalysis analysis = new RangeAnalysis(graph, inputRanges);
    Map<Value, Range> all = new HashMap<>();
    graph.values().forEach(value -> all.put(value, analysis.range(value)));
    return all;
  }

  /** The range of a value. */
  public Range range(Value value) {
    Range known = ranges.get(value);
    if (known != null) {
      return known;
    }
    // Depth first with an explicit stack: graphs can be deeper than the thread's stack.
    List<Value> work = new ArrayList<>(List.of(value));
    while (!work.isEmpty()) {
      Value next = work.getLast();
      List<Value> missing = missingInputs(next);
      if (ranges.containsKey(next)) {
        work.removeLast();
      } else if (missing.isEmpty()) {
        work.removeLast();
        compute(next);
      } else {
        work.addAll(missing);
      }
    }
    return ranges.getOrDefault(value, Range.ALL);
  }

  /** Says in what a value lies besides, however it is computed. */
  public void limit(Value value, Range range) {
    limits.put(value, range);
  }

  /** Drops what is known of a value and of everything that was derived from it. */
  public void invalidate(Value value) {
    List<Value> work = new ArrayList<>(List.of(value));
    while (!work.isEmpty()) {
      Value next = work.removeLast();
      if (ranges.remove(next) != null) {
        graph.uses(next).forEach(use -> work.addAll(use.node().outputs()));
      }
    }
  }

  private List<Value> missingInputs(Value value) {
    Node producer = graph.producer(value);
    List<Value> missing = new ArrayList<>();
    if (producer != null && constants.apply(value) == null) {
      for (Value input : producer.inputs()) {
        if (input != null && !ranges.containsKey(input)) {
          missing.add(input);
        }
      }
    }
    return missing;
  }

  private void compute(Value value) {
    Node producer = graph.producer(value);
    if (producer == null || constants.apply(value) != null) {
      ranges.put(value, limited(value, source(value)));
      return;
    }
    List<Range> outputs = transfer(producer, this::known);
    for (int i = 0; i < producer.outputs().size(); i++) {
      ranges.put(producer.output(i), limited(producer.output(i), outputs.get(i)));
    }
  }

  private Range limited(Value value, Range range) {
    Range limit = limits.get(value);
    return limit == null ? range : range.meet(limit);
  }

  private Range known(Value value) {
    return ranges.getOrDefault(value, Range.ALL);
  }

  private List<Range> transfer(Node node, Function<Value, Range> inputs) {
    List<@Nullable Range> arguments = new ArrayList<>();
    for (Value input : node.inputs()) {
      arguments.add(input == null ? null : inputs.apply(input));
    }
    return node.op().rangeTransfer(calls.apply(node), arguments);
  }

  private Range source(Value value) {
    Tensor constant = constants.apply(value);
    if (constant != null) {
      return ofConstant(constant);
    }
    return inputRanges.getOrDefault(value.name(), Range.ALL);
  }

  /** The hull of a constant's elements; a tensor without numbers may be anything. */
  private static Range ofConstant(Tensor constant) {
    if (!constant.elementType().isNumeric() || constant.elementCount() == 0) {
      return Range.ALL;
    }
    return Range.hullOf(constant);
  }
}
