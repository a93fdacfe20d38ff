package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A shape to look for in a graph, seen from one value backwards. Built by {@link Patterns}. */
public sealed interface Pattern {

  /**
   * A value that is made by a node of one of some operators.
   *
   * <p>A pattern may hold such a pattern twice: where its capture stands for a node already, it
   * means that node, whatever its output, and is not matched again.
   *
   * @param ops identities of the operators
   * @param capture key of the node, if asked for
   * @param output which output of the node the value is
   * @param inputs pattern by input position; positions without one may be anything, also absent
   * @param everyInput pattern that every input meets that has none of its own, if any
   * @param swappable whether the first two inputs may be swapped
   * @param usedOnce whether the value must have one reader and not be an output of the graph
   * @param attributes value that an attribute, or its default, must have, by name
   * @param rest key of the inputs after those that have a pattern, if asked for
   * @param outputs how many outputs the node must have at least
   * @param results keys of the node's outputs, by position; those that it lacks stand for nothing
   */
  record OpPattern(
      List<OpId> ops,
      @Nullable Capture<Node> capture,
      int output,
      Map<Integer, Pattern> inputs,
      @Nullable Pattern everyInput,
      boolean swappable,
      boolean usedOnce,
      Map<String, AttributeValue> attributes,
      @Nullable Capture<Values> rest,
      int outputs,
      Map<Integer, Capture<Value>> results)
      implements Pattern {
    /** Keeps immutable copies. */
    public OpPattern {
      ops = List.copyOf(ops);
      inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
      attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
      results = Collections.unmodifiableMap(new TreeMap<>(results));
    }

    /** A pattern for one of some operators with any inputs. */
    OpPattern(List<OpId> ops) {
      this(ops, null, 0, Map.of(), null, false, false, Map.of(), null, 1, Map.of());
    }

    /** The components, to be changed one by one. */
    private static final class Parts {
      private List<OpId> ops;
      private @Nullable Capture<Node> capture;
      private int output;
      private Map<Integer, Pattern> inputs;
      private @Nullable Pattern everyInput;
      private boolean swappable;
      private boolean usedOnce;
      private Map<String, AttributeValue> attributes;
      private @Nullable Capture<Values> rest;
      private int outputs;
      private Map<Integer, Capture<Value>> results;

      private Parts(OpPattern of) {
        ops = of.ops;
        capture = of.capture;
        output = of.output;
        inputs = of.inputs;
        everyInput = of.everyInput;
        swappable = of.swappable;
        usedOnce = of.usedOnce;
        attributes = of.attributes;
        rest = of.rest;
        outputs = of.outputs;
        results = of.results;
      }
    }

    private OpPattern changed(Consumer<Parts> change) {
      Parts parts = new Parts(this);
      change.accept(parts);
      return new OpPattern(
          parts.ops,
          parts.capture,
          parts.output,
          parts.inputs,
          parts.everyInput,
          parts.swappable,
          parts.usedOnce,
          parts.attributes,
          parts.rest,
          parts.outputs,
          parts.results);
    }

    /** This pattern for one more operator. */
    public OpPattern orOp(OpId id) {
      List<OpId> more = new ArrayList<>(ops);
      more.add(id);
      return changed(parts -> parts.ops = more);
    }

    /** This pattern with the node captured. */
    public OpPattern capture(Capture<Node> key) {
      return changed(parts -> parts.capture = key);
    }

    /** This pattern for another output of the node. */
    public OpPattern output(int index) {
      return changed(parts -> parts.output = index);
    }

    /** This pattern with a pattern for an input. */
    public OpPattern input(int index, Pattern pattern) {
      Map<Integer, Pattern> changed = new TreeMap<>(inputs);
      changed.put(index, pattern);
      return changed(parts -> parts.inputs = changed);
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
      return changed(parts -> parts.everyInput = pattern);
    }

    /** This pattern with the inputs captured that come after those with a pattern. */
    public OpPattern rest(Capture<Values> key) {
      return changed(parts -> parts.rest = key);
    }

    /** This pattern, also with the first two inputs swapped. */
    public OpPattern commutative() {
      return changed(parts -> parts.swappable = true);
    }

    /**
     * This pattern, only where the value has one reader and is not an output of the graph. On
     * immutable graphs this guards profit, not soundness: a node with another reader stays.
     */
    public OpPattern singleUse() {
      return changed(parts -> parts.usedOnce = true);
    }

    /** This pattern, however often the value is read. */
    public OpPattern multipleUse() {
      return changed(parts -> parts.usedOnce = false);
    }

    /** This pattern, only where an attribute, or its default, has a value. */
    public <T> OpPattern attribute(Attribute<T> key, T value) {
      return attribute(
          key.name(),
          Objects.requireNonNull(Attributes.NONE.with(key, value).values().get(key.name())));
    }

    /** This pattern, only where an attribute, or its default, has a value. */
    public OpPattern attribute(String name, AttributeValue value) {
      Map<String, AttributeValue> more = new TreeMap<>(attributes);
      more.put(name, value);
      return changed(parts -> parts.attributes = more);
    }

    /** This pattern, only where the node has so many outputs at least. */
    public OpPattern outputs(int count) {
      return changed(parts -> parts.outputs = count);
    }

    /** This pattern with an output of the node captured, if it has so many. */
    public OpPattern result(int index, Capture<Value> key) {
      Map<Integer, Capture<Value>> more = new TreeMap<>(results);
      more.put(index, key);
      return changed(parts -> parts.results = more);
    }

    /**
     * How many inputs have a place of their own: the highest one with a pattern, and those before.
     */
    public int arity() {
      return inputs.keySet().stream().mapToInt(i -> i + 1).max().orElse(0);
    }

    /** The operators that may stand here, for messages. */
    public String describe() {
      return ops.stream().map(OpId::toString).collect(Collectors.joining(" or "));
    }

    @Override
    public String toString() {
      List<String> arguments = new ArrayList<>();
      for (int i = 0; i < arity(); i++) {
        Pattern pattern = inputs.get(i);
        arguments.add(pattern == null ? "_" : pattern.toString());
      }
      if (rest != null) {
        arguments.add(rest + "...");
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
   * @param literal what all its elements equal, if asked for
   */
  record ConstantValue(@Nullable Capture<Value> capture, @Nullable ElementLiteral literal)
      implements Pattern {
    /** An initializer with any elements. */
    public ConstantValue(@Nullable Capture<Value> capture) {
      this(capture, null);
    }

    @Override
    public String toString() {
      if (literal != null) {
        return literal.toString();
      }
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
   * @param capture key of the value, whichever alternative it fits, if asked for
   */
  record OneOf(List<Pattern> alternatives, @Nullable Capture<Value> capture) implements Pattern {
    /** Keeps an immutable copy. */
    public OneOf {
      alternatives = List.copyOf(alternatives);
    }

    /** The first alternative that matches. */
    public OneOf(List<Pattern> alternatives) {
      this(alternatives, null);
    }

    @Override
    public String toString() {
      return alternatives.stream()
          .map(Pattern::toString)
          .collect(Collectors.joining(" or ", "(", ")"));
    }
  }
}
