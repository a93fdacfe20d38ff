package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of all values of a quantized graph, for all inputs in the declared box; on request
 * only those that occur while no quantizer clips.
 */
final class CompiledRanges {
  /** Operators whose results are elements of their first input; pads do not win a maximum. */
  private static final Set<OpId> SELECTIONS =
      Set.of(
          OpId.of("Flatten"),
          OpId.of("Identity"),
          OpId.of("MaxPool"),
          OpId.of("Reshape"),
          OpId.of("Slice"),
          OpId.of("Squeeze"),
          OpId.of("Transpose"),
          OpId.of("Unsqueeze"));

  private final FoldedGraph graph;
  private final Counterparts pair;
  private final Map<Value, ErrorBound> promises;
  private final Map<Value, Range> ranges = new HashMap<>();
  private final Map<Value, Quantizer> byOutput = new LinkedHashMap<>();
  private final Map<Value, Range> limits = new HashMap<>();

  /**
   * The ranges of the compiled graph.
   *
   * @param pair the compiled graph and its reference
   * @param promises how far rewrites say that values are from what the reference's node would make
   *     of the same inputs
   * @param inputRanges declared range by input name
   * @param clipping whether quantizers may clip
   */
  CompiledRanges(
      Counterparts pair,
      Map<Value, ErrorBound> promises,
      Map<String, Range> inputRanges,
      boolean clipping) {
    this.graph = pair.target();
    this.pair = pair;
    this.promises = promises;
    for (Node node : graph.graph().nodes()) {
      Quantizer quantizer = Quantizer.endingAt(graph, node);
      if (quantizer != null) {
        byOutput.put(quantizer.output(), quantizer);
        if (!clipping) {
          limits.merge(quantizer.input(), quantizer.unclipped(), Range::meet);
        }
      }
    }
    for (Value input : graph.graph().inputs()) {
      put(input, inputRanges.getOrDefault(input.name(), Range.ALL));
    }
    for (Node node : graph.graph().nodes()) {
      List<Range> results = node.op().rangeTransfer(graph.call(node), inputs(node));
      for (int i = 0; i < node.outputs().size(); i++) {
        put(node.output(i), promised(node.output(i), results.get(i)));
      }
    }
  }

  /** A range, or what a rewrite's promise says of a value where that is narrower. */
  private Range promised(Value value, Range range) {
    ErrorBound promise = promises.get(value);
    Node before = pair.reference().graph().producer(value);
    if (promise == null || !promise.isBounded() || before == null) {
      return range;
    }
    List<@Nullable Range> inputs = new ArrayList<>();
    for (Value input : before.inputs()) {
      Value now = input == null || pair.reference().isConstant(input) ? null : pair.of(input);
      inputs.add(input == null ? null : now == null ? constant(input) : range(now));
    }
    OpCall call = pair.reference().call(before);
    int output = before.outputs().indexOf(value);
    return range.meet(before.op().rangeTransfer(call, inputs).get(output).widened(promise));
  }

  private Range constant(Value ofReference) {
    Tensor constant = pair.reference().constant(ofReference);
    return constant == null ? Range.ALL : Range.hullOf(constant);
  }

  private void put(Value value, Range range) {
    Range limit = limits.get(value);
    ranges.put(value, limit == null ? range : range.meet(limit));
  }

  /** What values may be at most while no quantizer that reads them clips. */
  Map<Value, Range> limits() {
    return Collections.unmodifiableMap(limits);
  }

  /** The ranges of a node's inputs. */
  List<@Nullable Range> inputs(Node node) {
    List<@Nullable Range> inputs = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(input == null ? null : range(input));
    }
    return inputs;
  }

  /** The range of a value. */
  Range range(Value value) {
    Range known = ranges.get(value);
    if (known != null) {
      return known;
    }
    Tensor constant = graph.constant(value);
    return constant == null || !constant.elementType().isNumeric() || constant.elementCount() == 0
        ? Range.ALL
        : Range.hullOf(constant);
  }

  /** The quantizer that makes a value, or null. */
  @Nullable Quantizer quantizer(Value output) {
    return byOutput.get(output);
  }

  /**
   * How far a quantizer moves what it gets; not at all where that comes from the same grid and was
   * only moved about or selected.
   */
  ErrorBound distance(Quantizer quantizer) {
    return moves(quantizer) ? quantizer.distance(range(quantizer.input())) : ErrorBound.EXACT;
  }

  /** Whether a quantizer changes anything: not what comes from the same grid. */
  boolean moves(Quantizer quantizer) {
    Value value = quantizer.input();
    Node producer = graph.graph().producer(value);
    while (producer != null && SELECTIONS.contains(producer.opId())) {
      value = producer.input(0);
      producer = graph.graph().producer(value);
    }
    Quantizer earlier = byOutput.get(value);
    return earlier == null || !earlier.sameGrid(quantizer);
  }

  /** All quantizers. */
  List<Quantizer> quantizers() {
    return List.copyOf(byOutput.values());
  }

  /** The call of a node, with what is constant. */
  OpCall call(Node node) {
    return graph.call(node);
  }
}
