package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What names mean in one graph or in one call of a function: values, the attributes of the call,
 * and the opset of each domain.
 */
final class Scope {
  private final @Nullable Scope parent;
  private final Frame frame;
  private final @Nullable Call call;
  private final Map<String, Long> opsets;
  private final Map<String, @Nullable Value> values = new HashMap<>();

  /**
   * The call of a function that a scope belongs to.
   *
   * @param function the function
   * @param attributes attributes of the call, defaults included
   * @param caller the call around it
   * @param depth number of calls around it, itself included
   */
  record Call(
      SourceFunction function,
      Map<String, AttributeValue> attributes,
      @Nullable Call caller,
      int depth) {
    /** Whether the function is being called here already. */
    boolean isWithin(SourceFunction other) {
      return function == other || (caller != null && caller.isWithin(other));
    }
  }

  private Scope(
      @Nullable Scope parent, Frame frame, @Nullable Call call, Map<String, Long> opsets) {
    this.parent = parent;
    this.frame = frame;
    this.call = call;
    this.opsets = opsets;
  }

  /** The names of the main graph. */
  static Scope ofModel(Frame frame, Map<String, Long> opsets) {
    return new Scope(null, frame, null, opsets);
  }

  /** The names of a subgraph, which sees those around it. */
  Scope ofSubgraph(Frame inner) {
    return new Scope(this, inner, call, opsets);
  }

  /** The names of a function called here, which sees nothing of its caller. */
  Scope ofCall(Call inner) {
    return new Scope(null, frame, inner, inner.function().opsets());
  }

  Frame frame() {
    return frame;
  }

  @Nullable Call call() {
    return call;
  }

  /** The opset of a domain, 0 where it is not imported. */
  long opset(String domain) {
    return opsets.getOrDefault(domain, 0L);
  }

  /** Gives a name its meaning; null is an omitted input of a function. */
  void define(String name, @Nullable Value value) {
    values.put(name, value);
  }

  /** Whether this very scope gives the name a meaning. */
  boolean defines(String name) {
    return values.containsKey(name);
  }

  /** Whether this scope or one around it gives the name a meaning. */
  boolean knows(String name) {
    return values.containsKey(name) || (parent != null && parent.knows(name));
  }

  /** The value of a name that is known; null for an omitted input of a function. */
  @Nullable Value value(String name) {
    return values.containsKey(name) || parent == null ? values.get(name) : parent.value(name);
  }
}
