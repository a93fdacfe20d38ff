package dev.fixpoint.analysis;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values at which a comparison of two graphs can begin anew: those that both the source and the
 * reference have, whose range is known, and which no rewrite went around. Each value that both
 * graphs have then follows from the same anchors in both.
 */
final class Anchors {
  private final Graph source;
  private final Graph reference;
  private final Map<Value, Range> ranges;

  private Anchors(Graph source, Graph reference, Map<Value, Range> ranges) {
    this.source = source;
    this.reference = reference;
    this.ranges = ranges;
  }

  /**
   * Chooses among candidates.
   *
   * @param known ranges that values of the source lie in
   */
  static Map<Value, Range> of(Graph source, Graph reference, Map<Value, Range> known) {
    Map<Value, Range> ranges = new HashMap<>(known);
    ranges.keySet().retainAll(source.values());
    ranges.keySet().retainAll(reference.values());
    Anchors anchors = new Anchors(source, reference, ranges);
    Set<Value> passed = anchors.passed();
    while (!passed.isEmpty()) {
      ranges.keySet().removeAll(passed);
      passed = anchors.passed();
    }
    return ranges;
  }

  /** The anchors that one graph meets on the way to a value, and the other does not. */
  private Set<Value> passed() {
    Map<Value, Set<Value>> left = before(source);
    Map<Value, Set<Value>> right = before(reference);
    Set<Value> passed = new HashSet<>();
    left.forEach(
        (value, met) -> {
          Set<Value> there = right.get(value);
          if (there != null && !there.equals(met)) {
            met.stream().filter(anchor -> !there.contains(anchor)).forEach(passed::add);
            there.stream().filter(anchor -> !met.contains(anchor)).forEach(passed::add);
          }
        });
    return passed;
  }

  /** By value, the last anchors on all ways to it, itself not counted. */
  private Map<Value, Set<Value>> before(Graph graph) {
    Map<Value, Set<Value>> met = new HashMap<>();
    for (Node node : graph.nodes()) {
      Set<Value> all = new HashSet<>();
      node.inputs().forEach(input -> meet(input, met, all));
      node.captures().forEach(input -> meet(input, met, all));
      node.outputs().forEach(output -> met.put(output, all));
    }
    return met;
  }

  private void meet(@Nullable Value value, Map<Value, Set<Value>> met, Set<Value> all) {
    if (value == null) {
      return;
    }
    if (ranges.containsKey(value)) {
      all.add(value);
    } else {
      all.addAll(met.getOrDefault(value, Set.of()));
    }
  }
}
