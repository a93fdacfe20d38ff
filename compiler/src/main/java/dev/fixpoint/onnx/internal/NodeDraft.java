package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node with its values connected, on the way from the form of its opset to that of the graph. */
final class NodeDraft {
  private final String name;
  private final String docString;
  private OpId op;
  private final Map<String, AttributeValue> attributes;
  private final List<@Nullable Value> inputs;
  private final List<Value> outputs;
  private final List<Boolean> outputsRead;

  NodeDraft(
      String name,
      String docString,
      OpId op,
      Map<String, AttributeValue> attributes,
      List<? extends @Nullable Value> inputs,
      List<Value> outputs,
      List<Boolean> outputsRead) {
    this.name = name;
    this.docString = docString;
    this.op = op;
    this.attributes = new LinkedHashMap<>(attributes);
    this.inputs = new ArrayList<>(inputs);
    this.outputs = new ArrayList<>(outputs);
    this.outputsRead = List.copyOf(outputsRead);
  }

  String name() {
    return name;
  }

  String docString() {
    return docString;
  }

  OpId op() {
    return op;
  }

  void become(OpId newOp) {
    this.op = newOp;
  }

  Attributes attributes() {
    return Attributes.of(attributes);
  }

  boolean hasAttribute(String key) {
    return attributes.containsKey(key);
  }

  @Nullable AttributeValue attribute(String key) {
    return attributes.get(key);
  }

  void set(String key, AttributeValue value) {
    attributes.put(key, value);
  }

  @Nullable AttributeValue remove(String key) {
    return attributes.remove(key);
  }

  /** Removes an integer attribute. */
  @Nullable Long removeInt(String key) {
    Long value = getInt(key);
    attributes.remove(key);
    return value;
  }

  /** An integer attribute. */
  @Nullable Long getInt(String key) {
    AttributeValue.OfInt value = typed(key, AttributeValue.OfInt.class, "an integer");
    return value == null ? null : Long.valueOf(value.value());
  }

  /** Removes a float attribute. */
  @Nullable Float removeFloat(String key) {
    AttributeValue.OfFloat value = typed(key, AttributeValue.OfFloat.class, "a float");
    attributes.remove(key);
    return value == null ? null : Float.valueOf(value.value());
  }

  /** Removes an attribute that is a list of floats. */
  @Nullable List<Float> removeFloats(String key) {
    AttributeValue.OfFloats value = typed(key, AttributeValue.OfFloats.class, "a list of floats");
    attributes.remove(key);
    return value == null ? null : value.value();
  }

  /** Removes an attribute that is a list of integers. */
  @Nullable List<Long> removeInts(String key) {
    AttributeValue.OfInts value = typed(key, AttributeValue.OfInts.class, "a list of integers");
    attributes.remove(key);
    return value == null ? null : value.value();
  }

  /** Removes an attribute that is a list of integers and must be there. */
  List<Long> requireInts(String key) {
    List<Long> value = removeInts(key);
    if (value == null) {
      throw new ModelException(describe() + " has no attribute '" + key + "'; add it");
    }
    return value;
  }

  private <T extends AttributeValue> @Nullable T typed(String key, Class<T> kind, String text) {
    AttributeValue value = attributes.get(key);
    if (value != null && !kind.isInstance(value)) {
      throw new ModelException(
          describe() + ": attribute '" + key + "' should be " + text + "; correct it");
    }
    return kind.cast(value);
  }

  /** An input that must be there. */
  Value requireInput(int index) {
    Value value = input(index);
    if (value == null) {
      throw new ModelException(describe() + ": input " + index + " is missing; add it");
    }
    return value;
  }

  /** Drops outputs at the end that nothing reads. */
  void dropUnreadOutputs() {
    while (outputs.size() > 1 && !outputsRead.get(outputs.size() - 1)) {
      outputs.removeLast();
    }
  }

  List<@Nullable Value> inputs() {
    return inputs;
  }

  @Nullable Value input(int index) {
    return index < inputs.size() ? inputs.get(index) : null;
  }

  /** Sets an input; those between the last and it are omitted ones. */
  void setInput(int index, @Nullable Value value) {
    while (inputs.size() <= index) {
      inputs.add(null);
    }
    inputs.set(index, value);
  }

  List<Value> outputs() {
    return outputs;
  }

  /** For messages: operator and name, or operator and first output. */
  String describe() {
    if (!name.isEmpty()) {
      return op + " node '" + name + "'";
    }
    return outputs.isEmpty()
        ? op + " node"
        : op + " node that makes '" + outputs.getFirst().name() + "'";
  }
}
