package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.OpId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node as it is written, by name.
 *
 * @param name name for people, may be empty
 * @param op operator or function
 * @param overload which of several functions of that name; usually empty
 * @param inputs names of the inputs; an empty one is omitted
 * @param outputs names of the outputs; an empty one is not wanted
 * @param attributes attributes by name
 * @param docString documentation
 */
public record SourceNode(
    String name,
    OpId op,
    String overload,
    List<String> inputs,
    List<String> outputs,
    Map<String, SourceAttribute> attributes,
    String docString) {
  /** Keeps immutable copies in their order. */
  public SourceNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** For messages: operator and name, or operator and first output. */
  public String describe() {
    if (!name.isEmpty()) {
      return op + " node '" + name + "'";
    }
    return outputs.isEmpty() ? op + " node" : op + " node that makes '" + outputs.getFirst() + "'";
  }
}
