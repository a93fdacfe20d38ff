package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the source graph that bounds how far its reference values are from the real ones:
 * the roundings of its operators, carried on.
 *
 * <p>At an anchor the real numbers begin anew: they are taken to be what the source holds there.
 * What had come together until then is the anchor's gap, which whoever compares with those real
 * numbers adds.
 */
final class SourceSweep {
  private final FoldedGraph source;
  private final Derivation derivation;
  private final FoldedGraph reference;
  private final RangeAnalysis declared;
  private final Set<Value> anchors;
  private final Map<Value, ErrorBound> distances = new HashMap<>();
  private final Map<Value, ErrorBound> gaps = new HashMap<>();
  private final Map<Value, Range> ranges = new HashMap<>();

  /**
   * Sweeps over the source.
   *
   * @param declared ranges of the source
   * @param shared ranges of the values that the reference shares with it, where they are narrower
   *     than what intervals say of the source alone
   * @param anchors values at which the real numbers begin anew
   */
  SourceSweep(
      FoldedGraph source,
      FoldedGraph reference,
      Derivation derivation,
      RangeAnalysis declared,
      Function<Value, Range> shared,
      Set<Value> anchors) {
    this.source = source;
    this.derivation = derivation;
    this.reference = reference;
    this.declared = declared;
    this.anchors = anchors;
    Set<Value> ofReference = reference.graph().values();
    for (Node node : source.graph().nodes()) {
      if (!node.outputs().stream().allMatch(source::isConstant)) {
        visit(node, value -> ofReference.contains(value) ? shared.apply(value) : null);
      }
    }
  }

  /** How far a value of the source is from the real one. */
  ErrorBound distance(Value value) {
    return distances.getOrDefault(value, ErrorBound.EXACT);
  }

  /** How far the source's value at an anchor is from the real one that it takes the place of. */
  ErrorBound gap(Value anchor) {
    return gaps.getOrDefault(anchor, ErrorBound.EXACT);
  }

  /** What the declared box says of a value of the source. */
  Range declared(Value value) {
    return declared.range(value);
  }

  private Range range(Value value) {
    Range known = ranges.get(value);
    if (known != null) {
      return known;
    }
    Tensor constant = source.constant(value);
    if (constant == null) {
      return declared.range(value);
    }
    return constant.elementType().isNumeric() && constant.elementCount() > 0
        ? Range.hullOf(constant)
        : Range.ALL;
  }

  private void visit(Node node, Function<Value, @Nullable Range> shared) {
    OpCall call = source.call(node);
    List<@Nullable Range> inputs = new ArrayList<>();
    List<ErrorBound> errors = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(input == null ? null : range(input));
      errors.add(input == null ? ErrorBound.EXACT : distance(input));
    }
    List<ErrorBound> moved = node.op().errorTransfer(call, inputs, errors);
    List<ErrorBound> local =
        Quantizer.isPartOfOne(node)
            ? Transfers.each(node.outputs().size(), ErrorBound.EXACT)
            : node.op().localError(call, inputs);
    List<Range> images = node.op().rangeTransfer(call, inputs);
    for (int i = 0; i < node.outputs().size(); i++) {
      Value output = node.output(i);
      Range known = shared.apply(output);
      ErrorBound computed = moved.get(i).plus(local.get(i));
      settle(output, LostBound.explained(node, inputs, errors, computed), known, images.get(i));
    }
  }

  private void settle(Value output, ErrorBound computed, @Nullable Range shared, Range image) {
    Range said = declared.range(output);
    if (anchors.contains(output)) {
      gaps.put(output, image.isBounded() ? computed.meet(image.distance(said)) : computed);
      ranges.put(output, said);
      return;
    }
    Tensor folded = reference.constant(output);
    if (folded != null && folded.elementType().isNumeric()) {
      ErrorBound distance = derivation.constantErrors().getOrDefault(output, ErrorBound.EXACT);
      distances.put(output, distance);
      ranges.put(output, Range.hullOf(folded).widened(distance));
      return;
    }
    ErrorBound distance = said.isBounded() ? computed.meet(said.distance(said)) : computed;
    distances.put(output, distance);
    ranges.put(output, (shared == null ? image : shared.widened(distance)).meet(said));
  }
}
