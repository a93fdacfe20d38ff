package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that follow from operators alone: results of Sigmoid, Softmax, Clip and the like,
 * inputs whose range is declared, and what moving, pooling, adding and functions of single elements
 * make of them.
 *
 * <p>Sums of products are left out: interval analysis bounds them, but so widely that a quantizer
 * over the bound would have few steps for the numbers that occur.
 */
final class DerivedRanges {
  private final Graph graph;
  private final Map<Value, Range> known = new HashMap<>();

  private DerivedRanges(Graph graph) {
    this.graph = graph;
  }

  /**
   * The finite ranges that need no data.
   *
   * @param inputRanges declared range by input name
   */
  static Map<Value, Interval> of(Graph graph, Map<String, Range> inputRanges) {
    DerivedRanges ranges = new DerivedRanges(graph);
    for (Value input : graph.inputs()) {
      Range declared = inputRanges.get(input.name());
      if (declared != null) {
        ranges.known.put(input, declared.uniform());
      }
    }
    graph.nodes().forEach(ranges::visit);
    Map<Value, Interval> bounded = new HashMap<>();
    ranges.known.forEach(
        (value, range) -> {
          if (range.isBounded()) {
            bounded.put(value, range.hull());
          }
        });
    return bounded;
  }

  private void visit(Node node) {
    boolean carries = carries(node);
    List<@Nullable Range> inputs = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(input == null ? null : range(input, carries));
    }
    List<Range> outputs = node.op().rangeTransfer(TypeInference.call(graph, node), inputs);
    for (int i = 0; i < node.outputs().size(); i++) {
      known.put(node.output(i), outputs.get(i).uniform());
    }
  }

  private static boolean carries(Node node) {
    Optional<QuantRole> role = QuantRole.of(node);
    return node.calls(QuantOps.QUANT_STUB)
        || node.calls(QuantOps.DEQUANT_STUB)
        || (role.isPresent() && role.get() != QuantRole.WEIGHTED);
  }

  private Range range(Value input, boolean carries) {
    Tensor constant = graph.constant(input);
    if (constant != null) {
      boolean numbers = constant.elementType().isNumeric() && constant.elementCount() > 0;
      return numbers ? Range.hullOf(constant) : Range.ALL;
    }
    return carries ? known.getOrDefault(input, Range.ALL) : Range.ALL;
  }
}
