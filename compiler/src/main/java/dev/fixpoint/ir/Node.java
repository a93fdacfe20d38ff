package dev.fixpoint.ir;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operator in a graph: immutable, with an identity of its own. An omitted optional
 * input is null; trailing ones are not listed.
 */
public final class Node {
  private final String name;
  private final OpDefinition op;
  private final Attributes attributes;
  private final List<@Nullable Value> inputs;
  private final List<Value> outputs;
  private final Provenance provenance;
  private final String docString;
  private final List<Value> captures;

  /**
   * A node.
   *
   * @param name name for people, may be empty
   * @param inputs null for an omitted one; trailing nulls are dropped
   * @param outputs values that this node alone produces
   */
  public Node(
      String name,
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Value> inputs,
      List<Value> outputs,
      Provenance provenance,
      String docString) {
    this.name = name;
    this.op = op;
    this.attributes = attributes;
    List<@Nullable Value> given = new ArrayList<>(inputs);
    while (!given.isEmpty() && given.getLast() == null) {
      given.removeLast();
    }
    this.inputs = Collections.unmodifiableList(given);
    this.outputs = List.copyOf(outputs);
    this.provenance = provenance;
    this.docString = docString;
    this.captures = capturesOf(attributes);
  }

  /** A node without provenance and documentation. */
  public Node(
      String name,
      OpDefinition op,
      Attributes attributes,
      List<? extends @Nullable Value> inputs,
      List<Value> outputs) {
    this(name, op, attributes, inputs, outputs, Provenance.NONE, "");
  }

  private static List<Value> capturesOf(Attributes attributes) {
    Set<Value> captured = new LinkedHashSet<>();
    for (AttributeValue value : attributes.values().values()) {
      if (value instanceof AttributeValue.OfGraph graph
          && graph.value() instanceof GraphBody body) {
        captured.addAll(body.captures());
      }
      if (value instanceof AttributeValue.OfGraphs graphs) {
        for (var body : graphs.value()) {
          if (body instanceof GraphBody graphBody) {
            captured.addAll(graphBody.captures());
          }
        }
      }
    }
    return List.copyOf(captured);
  }

  /** The name for people; may be empty. */
  public String name() {
    return name;
  }

  /** The operator's definition. */
  public OpDefinition op() {
    return op;
  }

  /** The operator's domain and name. */
  public OpId opId() {
    return op.id();
  }

  /** Whether this calls the operator of the given definition. */
  public boolean calls(OpDefinition definition) {
    return op.id().equals(definition.id());
  }

  /** Whether this calls the operator with the given identity. */
  public boolean calls(OpId id) {
    return op.id().equals(id);
  }

  /** The attributes. */
  public Attributes attributes() {
    return attributes;
  }

  /** The value of an attribute, or its default; throws where there is neither. */
  public <T> T get(Attribute<T> key) {
    return attributes.get(key);
  }

  /** The inputs; null where omitted. */
  public List<@Nullable Value> inputs() {
    return inputs;
  }

  /** An input, or null where omitted or beyond the last. */
  public @Nullable Value inputOrNull(int index) {
    return index < inputs.size() ? inputs.get(index) : null;
  }

  /** An input; throws where omitted. */
  public Value input(int index) {
    Value value = inputOrNull(index);
    if (value == null) {
      throw ModelException.at(this, "input " + index + " is missing");
    }
    return value;
  }

  /** Whether an input is there. */
  public boolean hasInput(int index) {
    return inputOrNull(index) != null;
  }

  /** The outputs. */
  public List<Value> outputs() {
    return outputs;
  }

  /** An output. */
  public Value output(int index) {
    return outputs.get(index);
  }

  /** The only or first output. */
  public Value output() {
    return outputs.getFirst();
  }

  /** Values of enclosing graphs that subgraph attributes read. */
  public List<Value> captures() {
    return captures;
  }

  /** Where this node comes from. */
  public Provenance provenance() {
    return provenance;
  }

  /** The documentation that came with the model; may be empty. */
  public String docString() {
    return docString;
  }

  /** This node with other inputs, as a new node. */
  public Node withInputs(List<? extends @Nullable Value> newInputs) {
    return new Node(name, op, attributes, newInputs, outputs, provenance, docString);
  }

  /** This node with other provenance, as a new node. */
  public Node withProvenance(Provenance newProvenance) {
    return new Node(name, op, attributes, inputs, outputs, newProvenance, docString);
  }

  /** For messages: operator and name, or operator and first output. */
  public String describe() {
    if (!name.isEmpty()) {
      return opId() + " node '" + name + "'";
    }
    return outputs.isEmpty()
        ? opId() + " node"
        : opId() + " node that makes '" + outputs.getFirst().name() + "'";
  }

  @Override
  public String toString() {
    return describe();
  }
}
