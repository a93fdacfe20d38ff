package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a {@link Replacement}; every new value gets a name that is not taken. */
public final class ReplacementBuilder {
  private final UnaryOperator<String> uniqueName;
  private final Provenance provenance;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Map<Value, ErrorBound> constantErrors = new LinkedHashMap<>();
  private final Map<Value, Value> substitutions = new LinkedHashMap<>();

  ReplacementBuilder(UnaryOperator<String> uniqueName, Provenance provenance) {
    this.uniqueName = uniqueName;
    this.provenance = provenance;
  }

  /** Adds a constant that is exactly what is meant. */
  public Value constant(String wish, Tensor tensor) {
    Value value = new Value(uniqueName.apply(wish));
    constants.put(value, tensor);
    return value;
  }

  /** Adds a constant that stands for another one, at most so far away. */
  public Value constant(String wish, Tensor tensor, ErrorBound error) {
    Value value = constant(wish, tensor);
    constantErrors.put(value, error);
    return value;
  }

  /**
   * Says that a constant that the rule read stands for another one, at most so far away: a contract
   * of equality over the reals is about that one.
   */
  public void means(Value existing, ErrorBound error) {
    constantErrors.merge(existing, error, ErrorBound::plus);
  }

  /** Makes an existing value a constant in place of its producer. */
  public void define(Value existing, Tensor tensor) {
    constants.put(existing, tensor);
  }

  /** Makes an existing value a constant that is at most so far from what its producer makes. */
  public void define(Value existing, Tensor tensor, ErrorBound error) {
    constants.put(existing, tensor);
    constantErrors.put(existing, error);
  }

  /**
   * Adds a constant computed in double and rounded once; how far it is from the value meant goes
   * into the rewrite's bound.
   *
   * @param roundings number of roundings in double behind each element, each relative to {@code
   *     magnitudes}
   * @param magnitudes largest intermediate magnitude behind each element
   */
  public Value computed(
      String wish,
      ElementType elementType,
      Shape shape,
      double[] exact,
      int roundings,
      double[] magnitudes) {
    Tensor stored = Tensor.ofDoubles(elementType, shape, exact);
    double[] errors = new double[exact.length];
    for (int i = 0; i < exact.length; i++) {
      double kept = stored.doubleAt(i);
      if (!Double.isFinite(kept)) {
        throw new RefusedRewrite(
            "element " + i + " of '" + wish + "' would be " + kept + " as " + elementType.text());
      }
      errors[i] =
          Math.nextUp(Math.abs(kept - exact[i]))
              + Math.nextUp((roundings + 1) * Math.ulp(magnitudes[i]));
    }
    Value value = constant(wish, stored);
    constantErrors.put(value, ErrorBound.perElement(errors));
    return value;
  }

  /** Adds a node that makes a new value; an omitted input is null. */
  public Value call(
      String wish, OpDefinition op, Attributes attributes, @Nullable Value... inputs) {
    Value made = new Value(uniqueName.apply(wish));
    node(op, attributes, Arrays.asList(inputs), List.of(made));
    return made;
  }

  /**
   * Adds a node that makes an existing value in place of its producer; an omitted input is null.
   */
  public void define(
      Value existing, OpDefinition op, Attributes attributes, @Nullable Value... inputs) {
    node(op, attributes, Arrays.asList(inputs), List.of(existing));
  }

  /** Adds a node with any outputs, existing or from {@link #value}; an omitted input is null. */
  public void node(
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Value> inputs,
      List<Value> outputs) {
    nodes.add(new Node(outputs.getFirst().name(), op, attributes, inputs, outputs, provenance, ""));
  }

  /** A new value, to be made by {@link #node}. */
  public Value value(String wish) {
    return new Value(uniqueName.apply(wish));
  }

  /** Lets readers of one value read another instead. */
  public void substitute(Value old, Value replacement) {
    substitutions.put(old, replacement);
  }

  /** Ends the attempt: the rule does not fire here after all, for a reason only seen now. */
  public RefusedRewrite refuse(String reason) {
    return new RefusedRewrite(reason);
  }

  Replacement build() {
    return new Replacement(nodes, constants, constantErrors, substitutions);
  }
}
