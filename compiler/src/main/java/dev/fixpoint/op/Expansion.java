package dev.fixpoint.op;

import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operator of ours spelled out in operators that everybody knows: a little list of calls whose
 * values are named. Inputs of the expanded call are {@code in0, in1, …}, its outputs {@code out0,
 * out1, …}; an empty name is an absent input.
 *
 * @param constants values that the expansion brings along
 * @param steps calls in the order of evaluation
 */
public record Expansion(Map<String, Tensor> constants, List<Step> steps) {
  /**
   * One call.
   *
   * @param op operator
   * @param attributes its attributes
   * @param inputs names of its inputs
   * @param outputs names of its outputs
   */
  public record Step(OpId op, Attributes attributes, List<String> inputs, List<String> outputs) {
    /** Keeps immutable copies. */
    public Step {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /** Keeps immutable copies. */
  public Expansion {
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    steps = List.copyOf(steps);
  }

  /** The name of an input of the expanded call. */
  public static String input(int index) {
    return "in" + index;
  }

  /** The name of an output of the expanded call. */
  public static String output(int index) {
    return "out" + index;
  }

  /** Starts an expansion. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects constants and calls. */
  public static final class Builder {
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    private Builder() {}

    /** Adds a constant and returns its name. */
    public String constant(String name, Tensor value) {
      constants.put(name, value);
      return name;
    }

    /** Adds a call with one output and returns that output's name. */
    public String call(OpId op, Attributes attributes, List<String> inputs, String output) {
      steps.add(new Step(op, attributes, inputs, List.of(output)));
      return output;
    }

    /** The expansion. */
    public Expansion build() {
      return new Expansion(constants, steps);
    }
  }
}
