package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.OpId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function as it is written: an operator that the file spells out in others.
 *
 * @param op domain and name
 * @param overload which of several functions of that name; usually empty
 * @param inputs names of the formal inputs
 * @param outputs names of the results
 * @param defaults attributes that have a default
 * @param nodes the body, by names of its own
 * @param opsets opset version by domain, for the body
 */
public record SourceFunction(
    OpId op,
    String overload,
    List<String> inputs,
    List<String> outputs,
    Map<String, SourceAttribute> defaults,
    List<SourceNode> nodes,
    Map<String, Long> opsets) {
  /** Keeps immutable copies in their order. */
  public SourceFunction {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    nodes = List.copyOf(nodes);
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
  }
}
