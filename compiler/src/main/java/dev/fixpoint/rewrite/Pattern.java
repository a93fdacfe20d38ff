package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A shape to look for in a graph, seen from one value backwards. Built by {@link Patterns}. */
public sealed interface Pattern {

  /**
   * A value that is made by a node of one of some operators.
   *
   * @param ops identities of the operators
   * @param capture key of the node, if asked for
   * @param output which output of the node the value is
   * @param inputs pattern by input position; positions without one may be anything, also absent
   * @param everyInput pattern that every input meets that has none of its own, if any
   * @param swappable whether the first two inputs may be swapped
   * @param usedOnce whether the value must have one reader and not be an output of the graph
   */
  record OpPattern(
      List<OpId> ops,
      @Nullable Capture<Node> capture,
      int output,
      Map<Integer, Pattern> inputs,
      @Nullable Pattern everyInput,
      boolean swappable,
      boolean usedOnce)
      implements Pattern {
    /** Keeps immutable copies. */
    public OpPattern {
      ops = List.copyOf(ops);
      inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    /** This pattern with the node captured. */
    public OpPattern capture(Capture<Node> key) {
      return new OpPattern(ops, key, output, inputs, everyInput, swappable, usedOnce);
    }

    /** This pattern for another output of the node. */
    public OpPattern output(int index) {
      return new OpPattern(ops, capture, index, inputs, everyInput, swappable, usedOnce);
    }

    /** This pattern with a pattern for an input. */
    public OpPattern input(int index, Pattern pattern) {
      Map<Integer, Pattern> changed = new TreeMap<>(inputs);
      changed.put(index, pattern);
      return new OpPattern(ops, capture, output, changed, everyInput, swappable, usedOnce);
    }

    /** This pattern with a value captured at an input, which must be there. */
    public OpPattern input(int index, Capture<Value> key) {
      return input(index, Patterns.any(key));
    }

    /** This pattern with patterns for the first inputs. */
    public OpPattern inputs(Pattern... patterns) {
      OpPattern result = this;
      for (int i = 0; i < patterns.length; i++) {
        result = result.input(i, patterns[i]);
      }
      return result;
    }

    /** This pattern with a pattern for every input that has none of its own. */
    public OpPattern everyInput(Pattern pattern) {
      return new OpPattern(ops, capture, output, inputs, pattern, swappable, usedOnce);
    }

    /** This pattern, also with the first two inputs swapped. */
    public OpPattern commutative() {
      return new OpPattern(ops, capture, output, inputs, everyInput, true, usedOnce);
    }

    /**
     * This pattern, only where the value has one reader and is not an output of the graph. On
     * immutable graphs this guards profit, not soundness: a node with another reader stays.
     */
    public OpPattern singleUse() {
      return new OpPattern(ops, capture, output, inputs, everyInput, swappable, true);
    }

    @Override
    public String toString() {
      List<String> arguments = new ArrayList<>();
      int count = inputs.keySet().stream().mapToInt(i -> i + 1).max().orElse(0);
      for (int i = 0; i < count; i++) {
        Pattern pattern = inputs.get(i);
        arguments.add(pattern == null ? "_" : pattern.toString());
      }
      String names = ops.stream().map(OpId::toString).collect(Collectors.joining("|"));
      String key = capture == null ? "" : capture.name() + " = ";
      return key + names + "(" + String.join(", ", arguments) + ")";
    }
  }

  /**
   * Any value that is there.
   *
   * @param capture key of the value, if asked for
   */
  record AnyValue(@Nullable Capture<Value> capture) implements Pattern {
    @Override
    public String toString() {
      return capture == null ? "_" : capture.name();
    }
  }

  /**
   * An initializer.
   *
   * @param capture key of the value, if asked for
   */
  record ConstantValue(@Nullable Capture<Value> capture) implements Pattern {
    @Override
    public String toString() {
      return "constant " + (capture == null ? "_" : capture.name());
    }
  }

  /** An optional input that is omitted. */
  record Absent() implements Pattern {
    @Override
    public String toString() {
      return "absent";
    }
  }

  /**
   * The first alternative that matches.
   *
   * @param alternatives patterns in the order in which they are tried
   */
  record OneOf(List<Pattern> alternatives) implements Pattern {
    /** Keeps an immutable copy. */
    public OneOf {
      alternatives = List.copyOf(alternatives);
    }

    @Override
    public String toString() {
      return alternatives.stream()
          .map(Pattern::toString)
          .collect(Collectors.joining(" or ", "(", ")"));
    }
  }
}
