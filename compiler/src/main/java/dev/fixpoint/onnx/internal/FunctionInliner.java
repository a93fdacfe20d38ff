package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.NameAuthority;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the bodies of a model's own functions in the place of their calls. */
final class FunctionInliner {
  private static final OpId IDENTITY = OpId.of("Identity");
  private static final int MAX_CALL_DEPTH = 64;

  // What a node takes while a graph is assembled, so that functions that double each other stop in
  // time.
  private static final long BYTES_PER_NODE = 4096;

  private final GraphAssembler assembler;
  private final NameAuthority names;
  private final long maxNodes = Runtime.getRuntime().maxMemory() / BYTES_PER_NODE;
  private long inlinedNodes;

  FunctionInliner(GraphAssembler assembler, NameAuthority names) {
    this.assembler = assembler;
    this.names = names;
  }

  /** Adds the nodes of a function's body in the place of a call. */
  void inline(
      SourceFunction function,
      SourceNode node,
      Map<String, AttributeValue> attributes,
      Scope scope) {
    requireCallable(function, node, scope.call());
    Map<String, AttributeValue> given = new LinkedHashMap<>(attributes);
    assembler.attributes(function.defaults(), node.describe(), scope).forEach(given::putIfAbsent);
    int depth = scope.call() == null ? 1 : scope.call().depth() + 1;
    Scope inner = scope.ofCall(new Scope.Call(function, given, scope.call(), depth));
    for (int i = 0; i < function.inputs().size(); i++) {
      String actual = i < node.inputs().size() ? node.inputs().get(i) : "";
      GraphAssembler.requireNew(function.inputs().get(i), node.describe(), inner);
      inner.define(
          function.inputs().get(i),
          actual.isEmpty() ? null : GraphAssembler.value(actual, node, scope));
    }
    Set<Value> made = defineResults(function, node, scope, inner);
    function.nodes().forEach(bodyNode -> assembler.add(bodyNode, inner));
    for (int i = 0; i < node.outputs().size(); i++) {
      String outputName = node.outputs().get(i);
      Value wanted = outputName.isEmpty() ? null : scope.value(outputName);
      if (wanted != null && !made.contains(wanted)) {
        passOn(function.outputs().get(i), wanted, node, inner);
      }
    }
  }

  private void requireCallable(
      SourceFunction function, SourceNode node, Scope.@Nullable Call caller) {
    if (caller != null && caller.isWithin(function)) {
      throw new ModelException(
          node.describe() + ": function " + function.op() + " calls itself; unroll it");
    }
    if (caller != null && caller.depth() >= MAX_CALL_DEPTH) {
      throw new ModelException(
          node.describe() + ": functions call each other deeper than " + MAX_CALL_DEPTH);
    }
    inlinedNodes += 1 + function.nodes().size();
    if (inlinedNodes > maxNodes) {
      throw new ModelException(
          node.describe()
              + ": the model's functions expand to more than "
              + maxNodes
              + " nodes; give Java a larger heap (-Xmx), or check the file");
    }
    if (node.inputs().size() > function.inputs().size()
        || node.outputs().size() > function.outputs().size()) {
      throw new ModelException(
          node.describe()
              + " has "
              + node.inputs().size()
              + " inputs and "
              + node.outputs().size()
              + " outputs, but the function has "
              + function.inputs().size()
              + " and "
              + function.outputs().size());
    }
  }

  /** Gives every name that the body makes a value: that of the caller for a result. */
  private Set<Value> defineResults(
      SourceFunction function, SourceNode node, Scope scope, Scope inner) {
    Map<String, Value> wanted = new HashMap<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      Value value = node.outputs().get(i).isEmpty() ? null : scope.value(node.outputs().get(i));
      if (value != null) {
        wanted.putIfAbsent(function.outputs().get(i), value);
      }
    }
    Set<Value> made = new HashSet<>();
    for (SourceNode bodyNode : function.nodes()) {
      for (String output : bodyNode.outputs()) {
        if (!output.isEmpty()) {
          GraphAssembler.requireNew(output, bodyNode.describe(), inner);
          Value value = wanted.get(output);
          if (value == null) {
            value = new Value(names.unique(output));
            inner.frame().own(value);
          }
          inner.define(output, value);
          made.add(value);
        }
      }
    }
    return made;
  }

  /** A result that is an input, or another result once more. */
  private void passOn(String result, Value wanted, SourceNode node, Scope inner) {
    Value source = inner.knows(result) ? inner.value(result) : null;
    if (source == null) {
      throw new ModelException(
          node.describe() + ": the function does not make its result '" + result + "'; remove it");
    }
    assembler.emit(
        new NodeDraft(
            node.name(), "", IDENTITY, Map.of(), List.of(source), List.of(wanted), List.of(true)),
        inner);
  }

  /** The attribute of the call that an attribute of the body refers to; null where it is absent. */
  static @Nullable AttributeValue attribute(
      SourceAttribute.Reference reference, String name, String place, Scope scope) {
    Scope.Call call = scope.call();
    if (call == null) {
      throw new ModelException(
          place
              + ": attribute '"
              + name
              + "' refers to the attribute '"
              + reference.attribute()
              + "' of a function, but is in none; give it a value");
    }
    return call.attributes().get(reference.attribute());
  }
}
