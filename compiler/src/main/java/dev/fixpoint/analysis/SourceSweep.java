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
import org.jspecify.annotations.Nullable;

/**
 * One pass over the source graph that bounds how far its reference values are from the real ones:
 * the roundings of its operators, carried on. Ranges are those of the values that the compiled
 * graph shares with it, which are narrower than what intervals say of the source alone.
 */
final class SourceSweep {
  private final FoldedGraph source;
  private final ErrorSweep compiled;
  private final FoldedGraph reference;
  private final RangeAnalysis declared;
  private final Map<Value, ErrorBound> distances = new HashMap<>();
  private final Map<Value, Range> ranges = new HashMap<>();

  SourceSweep(
      FoldedGraph source, FoldedGraph reference, ErrorSweep compiled, RangeAnalysis declared) {
    this.source = source;
    this.reference = reference;
    this.compiled = compiled;
    this.declared = declared;
    var shared = reference.graph().values();
    for (Node node : source.graph().nodes()) {
      if (!node.outputs().stream().allMatch(source::isConstant)) {
        visit(node, shared);
      }
    }
  }

  /** How far a value of the source is from the real one. */
  ErrorBound distance(Value value) {
    return distances.getOrDefault(value, ErrorBound.EXACT);
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

  private void visit(Node node, Set<Value> shared) {
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
      Range said = declared.range(output);
      ErrorBound distance = moved.get(i).plus(local.get(i));
      if (said.isBounded()) {
        distance = distance.meet(said.distance(said));
      }
      Tensor folded = reference.constant(output);
      if (folded != null && folded.elementType().isNumeric()) {
        distance = compiled.distance(output);
        distances.put(output, distance);
        ranges.put(output, Range.hullOf(folded).widened(distance));
      } else {
        distances.put(output, distance);
        Range range =
            shared.contains(output) ? compiled.range(output).widened(distance) : images.get(i);
        ranges.put(output, range.meet(said));
      }
    }
  }
}
