package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;

/**
 * Makes a graph smaller as long as something still goes wrong on it: from one of its steps to the
 * next, until none is left, or the trials are used up.
 */
public final class GraphReducer {
  private static final int MOST_TRIALS = 400;

  private final Predicate<GraphDraft> isBroken;
  private GraphDraft best;
  private int trials;

  private GraphReducer(GraphDraft start, Predicate<GraphDraft> isBroken) {
    this.best = start;
    this.isBroken = isBroken;
  }

  /**
   * The smallest draft that is found.
   *
   * @param start a draft on which it goes wrong
   * @param isBroken whether it goes wrong on a draft; what it throws counts as no
   */
  public static GraphDraft smallest(GraphDraft start, Predicate<GraphDraft> isBroken) {
    GraphReducer reducer = new GraphReducer(start, isBroken);
    boolean smaller = true;
    while (smaller) {
      smaller = reducer.strip() | reducer.shrink() | reducer.simplify();
    }
    return reducer.best;
  }

  private boolean strip() {
    boolean done = tries(GraphReducer::withoutCaptures);
    for (Value output : List.copyOf(best.outputs())) {
      done |= tries(draft -> withoutOutput(draft, output));
    }
    for (Node node : best.nodes().reversed()) {
      done |= tries(draft -> Reductions.removed(draft, node));
      for (Value input : node.inputs()) {
        done |= input != null && tries(draft -> Reductions.promoted(draft, node, input));
      }
    }
    List<Value> sources = new ArrayList<>(best.inputs());
    sources.addAll(best.constants().keySet());
    for (Value source : sources) {
      done |= tries(draft -> Reductions.unread(draft, source));
    }
    return done;
  }

  private static boolean withoutCaptures(GraphDraft draft) {
    draft.removeCaptures();
    return true;
  }

  /** An output that nothing else reads goes with the node that makes it. */
  private static boolean withoutOutput(GraphDraft draft, Value output) {
    draft.dropOutput(output);
    return !draft.outputs().isEmpty();
  }

  private boolean shrink() {
    boolean done = false;
    for (long size : Reductions.sizes(best)) {
      for (long smaller : List.of(1L, 2L, size / 2, size - 1)) {
        if (smaller >= 1
            && smaller < size
            && tries(draft -> Reductions.resized(draft, size, smaller))) {
          done = true;
          break;
        }
      }
    }
    return done;
  }

  private boolean simplify() {
    boolean done = false;
    for (Value constant : List.copyOf(best.constants().keySet())) {
      for (DoubleUnaryOperator simpler : Reductions.SIMPLER) {
        if (tries(draft -> Reductions.simplified(draft, constant, simpler))) {
          done = true;
          break;
        }
      }
    }
    return done;
  }

  private boolean tries(Predicate<GraphDraft> edit) {
    if (trials >= MOST_TRIALS) {
      return false;
    }
    GraphDraft draft = best.copy();
    try {
      if (!edit.test(draft)) {
        return false;
      }
      GraphVerifier.verify(draft.build());
      if (Reductions.weight(draft) >= Reductions.weight(best)) {
        return false;
      }
      trials++;
      if (!isBroken.test(draft)) {
        return false;
      }
    } catch (ModelException | IllegalArgumentException | ArithmeticException e) {
      return false; // no such graph
    }
    best = draft;
    return true;
  }
}
