package dev.fixpoint.rewrite.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.rewrite.Capture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** What a matcher has found so far, in order, so that a failed way can be taken back. */
final class Bindings {
  private final Map<Capture<?>, Object> captured = new LinkedHashMap<>();
  private final SequencedSet<Node> nodes = new LinkedHashSet<>();
  private final List<Object> trail = new ArrayList<>();

  /** Binds a capture; whether it is new or stands for the same thing already. */
  boolean bind(Capture<?> capture, Object thing) {
    Object previous = captured.putIfAbsent(capture, thing);
    if (previous == null) {
      trail.add(capture);
    }
    return previous == null || previous.equals(thing);
  }

  /** Whether a capture stands for something. */
  boolean holds(Capture<?> capture) {
    return captured.containsKey(capture);
  }

  /** Adds a node that the pattern covers. */
  void add(Node node) {
    if (nodes.add(node)) {
      trail.add(node);
    }
  }

  /** How much was found; also the place to which {@link #undo} goes back. */
  int mark() {
    return trail.size();
  }

  /** Forgets what was found after a mark. */
  void undo(int mark) {
    while (trail.size() > mark) {
      switch (trail.removeLast()) {
        case Capture<?> capture -> captured.remove(capture);
        case Node node -> nodes.remove(node);
        case Object other -> throw new IllegalStateException("not found by a matcher: " + other);
      }
    }
  }

  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  Map<Capture<?>, Object> captured() {
    return captured;
  }
}
