package dev.fixpoint.onnx.internal;

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

  NodeDraft(
      String name,
      String docString,
      OpId op,
      Map<String, AttributeValue> attributes,
      List<? extends @Nullable Value> inputs,
      List<Value> outputs) {
    this.name = name;
    this.docString = docString;
    this.op = op;
    this.attributes = new LinkedHashMap<>(attributes);
    this.inputs = new ArrayList<>(inputs);
    this.outputs = new ArrayList<>(outputs);
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
