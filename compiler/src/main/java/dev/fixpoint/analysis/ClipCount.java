package dev.fixpoint.analysis;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts, sample by sample, where the quantizers of a graph clip in a run: where they move a number
 * by more than half a step, or would move the number that its source has there. Bounds that hold
 * while no quantizer clips are for the other samples.
 */
public final class ClipCount {
  private static final Set<OpId> QUANTIZERS =
      Set.of(
          OpId.of("QuantizeLinear"), OpId.of("DynamicQuantizeLinear"), OpId.fixpoint("FakeQuant"));

  private final Graph graph;
  private final boolean countable;
  private final Map<String, Range> unclipped = new LinkedHashMap<>();
  private final Map<String, Long> byValue = new HashMap<>();
  private boolean[] clipped = {};
  private long elements;

  /** A count for a graph with FakeQuant, or QuantizeLinear and DequantizeLinear. */
  public ClipCount(Graph graph) {
    this.graph = graph;
    this.countable = graph.nodes().stream().noneMatch(ClipCount::requantizes);
    FoldedGraph folded = FoldedGraph.of(graph);
    for (Node node : graph.nodes()) {
      Quantizer quantizer = Quantizer.endingAt(folded, node);
      if (quantizer != null) {
        unclipped.merge(quantizer.input().name(), quantizer.unclipped(), Range::meet);
      }
    }
  }

  /** Whether an operator clips what it computed before anything else can see it. */
  private static boolean requantizes(Node node) {
    return !QUANTIZERS.contains(node.opId())
        && (node.calls(OpId.fixpoint("QTable"))
            || node.op().schema().inputs().stream().anyMatch(in -> in.name().equals("y_scale")));
  }

  /**
   * Whether clipping can be counted at all: not where integer operators saturate by themselves.
   * Every sample then counts as clipped.
   */
  public boolean isCountable() {
    return countable;
  }

  /** Starts again, with a batch of so many samples. */
  public void start(int samples) {
    clipped = new boolean[samples];
    Arrays.fill(clipped, !countable);
    elements = 0;
    byValue.clear();
  }

  /** The values that quantizers read: what to tap. */
  public Set<Value> taps() {
    return tapsOf(graph);
  }

  /** The values of the source that stand for those: what to tap in its run with the same inputs. */
  public Set<Value> tapsOf(Graph source) {
    return source.values().stream()
        .filter(value -> unclipped.containsKey(value.name()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Looks at a tapped value, of the graph or of its source. */
  public void see(Value value, Tensor tensor) {
    Range range = unclipped.get(value.name());
    if (range == null) {
      return;
    }
    double[] numbers = tensor.toDoubles();
    boolean bySample =
        tensor.shape().rank() > 0 && tensor.shape().size(0) % Math.max(1, clipped.length) == 0;
    int each = bySample ? Math.max(1, numbers.length / Math.max(1, clipped.length)) : 0;
    List<Interval> intervals = fitting(range, tensor.shape()).intervals();
    for (int i = 0; i < numbers.length; i++) {
      Interval interval =
          intervals.size() == 1 ? intervals.getFirst() : range.at(i, tensor.shape());
      if (!interval.contains(numbers[i])) {
        elements++;
        byValue.merge(value.name(), 1L, Long::sum);
        mark(each == 0 ? -1 : i / each);
      }
    }
  }

  /** The range, or what is in all its intervals where they are not laid out for a shape. */
  private static Range fitting(Range range, Shape shape) {
    boolean fits =
        switch (range.spread()) {
          case Spread.Uniform _ -> true;
          case Spread.Along along ->
              along.axis() < shape.rank() && shape.size(along.axis()) == along.count();
          case Spread.Elements elements -> shape.elementCount() == elements.count();
        };
    return fits ? range : Range.of(range.intervals().stream().reduce(Interval::meet).orElseThrow());
  }

  private void mark(int sample) {
    for (int s = 0; s < clipped.length; s++) {
      clipped[s] |= sample < 0 || sample == s;
    }
  }

  /** Whether something was clipped in a sample; in all where samples cannot be told apart. */
  public boolean isClipped(int sample) {
    return clipped[sample];
  }

  /** Number of elements that were clipped. */
  public long elements() {
    return elements;
  }

  /** Number of clipped elements by name of the value. */
  public Map<String, Long> byValue() {
    return Collections.unmodifiableMap(byValue);
  }
}
