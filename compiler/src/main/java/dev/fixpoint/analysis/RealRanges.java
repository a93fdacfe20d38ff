package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of the real numbers that the values of a reference stand for. A value that the source
 * has is what the source says; for others the reference's operators are followed, with room for
 * constants that are not the ones meant and for rewrites that are not equal over the reals.
 */
final class RealRanges {
  private final FoldedGraph reference;
  private final Derivation derivation;
  private final RangeAnalysis ofSource;
  private final Set<Value> sourceValues;
  private final Map<Value, Range> made = new HashMap<>();

  /**
   * The real ranges of a reference.
   *
   * @param ofSource ranges of the source
   */
  RealRanges(FoldedGraph reference, Derivation derivation, RangeAnalysis ofSource) {
    this.reference = reference;
    this.derivation = derivation;
    this.ofSource = ofSource;
    this.sourceValues = derivation.source().values();
    for (Node node : reference.graph().nodes()) {
      if (!sourceValues.containsAll(node.outputs())) {
        follow(node);
      }
    }
  }

  /** The range of what a value stands for. */
  Range range(Value value) {
    Tensor constant = reference.constant(value);
    if (constant != null) {
      return constant.elementType().isNumeric() && constant.elementCount() > 0
          ? Range.hullOf(constant).widened(constantError(value))
          : Range.ALL;
    }
    return sourceValues.contains(value)
        ? ofSource.range(value)
        : made.getOrDefault(value, Range.ALL);
  }

  private ErrorBound constantError(Value value) {
    return derivation.constantErrors().getOrDefault(value, ErrorBound.EXACT);
  }

  private void follow(Node node) {
    OpCall call = reference.call(node);
    List<@Nullable Range> inputs = new ArrayList<>();
    List<ErrorBound> errors = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(input == null ? null : range(input));
      errors.add(input == null ? ErrorBound.EXACT : constantError(input));
    }
    List<Range> images = node.op().rangeTransfer(call, inputs);
    List<ErrorBound> moved = node.op().errorTransfer(call, inputs, errors);
    for (int i = 0; i < node.outputs().size(); i++) {
      ErrorBound approximation =
          derivation.approximations().getOrDefault(node.output(i), ErrorBound.EXACT);
      made.put(node.output(i), images.get(i).widened(moved.get(i).plus(approximation)));
    }
  }
}
