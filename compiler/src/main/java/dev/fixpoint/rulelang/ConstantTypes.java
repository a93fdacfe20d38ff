package dev.fixpoint.rulelang;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The element type in which a constant is stored: floats in that of the new node's other inputs, so
 * that the statistics of a normalization never decide the type of folded weights; then in that of
 * the root's output, then in that of what they were computed from. Integers of the graph keep their
 * type.
 */
final class ConstantTypes {
  private final Match match;

  ConstantTypes(Match match) {
    this.match = match;
  }

  ElementType of(
      OpDefinition op, int index, Computed constant, List<? extends @Nullable Value> inputs) {
    Set<ElementType> allowed =
        op.schema().input(index).map(OpSchema.Parameter::types).orElse(OpSchema.Types.ALL);
    ElementType own = constant.stored();
    ElementType elements = constant.tensor().elementType();
    boolean fixed = !constant.isFloat() && (own != null || elements != ElementType.INT64);
    if (fixed) {
      return own == null || own == ElementType.UNDEFINED ? elements : own;
    }
    for (ElementType candidate : candidates(inputs)) {
      if (allowed.contains(candidate) && suits(candidate, constant)) {
        return candidate;
      }
    }
    if (own != null && allowed.contains(own)) {
      return own;
    }
    if (elements == ElementType.INT64 && allowed.contains(ElementType.INT64)) {
      return ElementType.INT64;
    }
    throw new Refusal("no element type suits a constant of " + op.id() + "; write a Cast");
  }

  private List<ElementType> candidates(List<? extends @Nullable Value> inputs) {
    List<ElementType> candidates = new ArrayList<>();
    for (Value input : inputs) {
      if (input != null) {
        candidates.add(match.type(input).elementType());
      }
    }
    candidates.add(match.type(match.root().output()).elementType());
    return candidates;
  }

  private static boolean suits(ElementType type, Computed constant) {
    return type.isFloat() || (type.isInteger() && !constant.isFloat());
  }
}
