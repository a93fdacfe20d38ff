package dev.fixpoint.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Sorts the nodes of a graph so that each comes after the producers of its inputs, otherwise in the
 * given order, and refuses what is not a graph: cycles, values with two producers or none, names
 * that clash.
 */
final class TopologicalOrder {
  private final GraphParts parts;
  private final Map<Value, Integer> producers = new HashMap<>();
  private final Set<Value> sources = new HashSet<>();

  private TopologicalOrder(GraphParts parts) {
    this.parts = parts;
  }

  static List<Node> of(GraphParts parts) {
    TopologicalOrder order = new TopologicalOrder(parts);
    order.collectValues();
    return order.sort();
  }

  private void collectValues() {
    Map<String, Value> names = new HashMap<>();
    sources.addAll(parts.inputs());
    sources.addAll(parts.captures());
    sources.addAll(parts.initializers().keySet());
    for (Value value : sources) {
      requireUniqueName(names, value);
    }
    for (int i = 0; i < parts.nodes().size(); i++) {
      Node node = parts.nodes().get(i);
      for (Value output : node.outputs()) {
        requireUniqueName(names, output);
        if (sources.contains(output) || producers.put(output, i) != null) {
          throw ModelException.at(
              node, "'" + output.name() + "' is made in two places; give each its own name");
        }
      }
    }
    for (Value output : parts.outputs()) {
      if (!sources.contains(output) && !producers.containsKey(output)) {
        throw new ModelException(
            "graph output '" + output.name() + "' is made by no node, input or initializer");
      }
    }
  }

  private static void requireUniqueName(Map<String, Value> names, Value value) {
    Value other = names.put(value.name(), value);
    if (other != null && other != value) {
      throw new ModelException(
          "two values are named '" + value.name() + "'; give each its own name");
    }
  }

  private List<Node> sort() {
    int count = parts.nodes().size();
    int[] waiting = new int[count];
    List<List<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      readers.add(new ArrayList<>(1));
    }
    for (int i = 0; i < count; i++) {
      for (Value read : reads(parts.nodes().get(i))) {
        Integer producer = producers.get(read);
        if (producer != null) {
          readers.get(producer).add(i);
          waiting[i]++;
        }
      }
    }
    List<Node> sorted = emit(waiting, readers);
    if (sorted.size() < count) {
      throw cycle(waiting);
    }
    return sorted;
  }

  private List<Node> emit(int[] waiting, List<List<Integer>> readers) {
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<Node> sorted = new ArrayList<>(waiting.length);
    while (!ready.isEmpty()) {
      int next = ready.poll();
      sorted.add(parts.nodes().get(next));
      for (int reader : readers.get(next)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    return sorted;
  }

  private Set<Value> reads(Node node) {
    Set<Value> reads = new HashSet<>(node.captures());
    for (Value input : node.inputs()) {
      if (input != null) {
        reads.add(input);
      }
    }
    for (Value read : reads) {
      if (!producers.containsKey(read) && !sources.contains(read)) {
        throw ModelException.at(
            node,
            "reads '"
                + read.name()
                + "', which no node, input or initializer makes; add it or fix the name");
      }
    }
    return reads;
  }

  /**
   * Walks back through nodes that wait until one comes again; the first of that circle is named.
   */
  private ModelException cycle(int[] waiting) {
    int start = 0;
    while (waiting[start] == 0) {
      start++;
    }
    Set<Integer> path = new LinkedHashSet<>();
    int node = start;
    while (path.add(node)) {
      node = waitingProducer(node, waiting);
    }
    List<Integer> circle = new ArrayList<>(path);
    circle = circle.subList(circle.indexOf(node), circle.size());
    Node first = parts.nodes().get(Collections.min(circle));
    return ModelException.at(
        first,
        "depends on its own output '" + first.output().name() + "' (a cycle); break the loop");
  }

  private int waitingProducer(int node, int[] waiting) {
    for (Value read : reads(parts.nodes().get(node))) {
      Integer producer = producers.get(read);
      if (producer != null && waiting[producer] > 0) {
        return producer;
      }
    }
    throw new IllegalStateException("nodes are left over without a cycle");
  }
}
