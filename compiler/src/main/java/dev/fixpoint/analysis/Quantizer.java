package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a graph where real numbers are moved onto a grid: FakeQuant, or QuantizeLinear and
 * then DequantizeLinear with the same parameters.
 */
final class Quantizer {
  private static final OpId FAKE_QUANT = OpId.fixpoint("FakeQuant");
  private static final OpId QUANTIZE = OpId.of("QuantizeLinear");
  private static final OpId DEQUANTIZE = OpId.of("DequantizeLinear");

  private static final OpId QONNX_QUANT = new OpId("qonnx.custom_op.general", "Quant");

  /**
   * Share of the largest number that integer operators may be off besides: the few float32
   * roundings of their epilogues, at most eight of 2^-24 each.
   */
  private static final double EPILOGUE = 0x1p-21;

  private final Value input;
  private final Value output;
  private final OpCall quantize;
  private final Node node;
  private final @Nullable Node dequantizer;
  private final @Nullable OpCall dequantize;

  private Quantizer(
      Node node, OpCall quantize, @Nullable Node dequantizer, @Nullable OpCall dequantize) {
    this.node = node;
    this.quantize = quantize;
    this.dequantizer = dequantizer;
    this.dequantize = dequantize;
    this.input = node.input(0);
    this.output = dequantizer == null ? node.output() : dequantizer.output();
  }

  /** The quantizer whose real result a node makes, or null. Those of constants do not count. */
  static @Nullable Quantizer endingAt(FoldedGraph graph, Node node) {
    if (node.calls(FAKE_QUANT) && !graph.isConstant(node.input(0))) {
      return new Quantizer(node, graph.call(node), null, null);
    }
    if (!node.calls(DEQUANTIZE)) {
      return null;
    }
    Node producer = graph.graph().producer(node.input(0));
    if (producer == null || !producer.calls(QUANTIZE)) {
      return null;
    }
    boolean pair =
        !graph.isConstant(producer.input(0))
            && same(graph, producer.inputOrNull(1), node.inputOrNull(1))
            && same(graph, producer.inputOrNull(2), node.inputOrNull(2));
    return pair ? new Quantizer(producer, graph.call(producer), node, graph.call(node)) : null;
  }

  private static boolean same(FoldedGraph graph, @Nullable Value a, @Nullable Value b) {
    if (a == null || b == null) {
      return a == b;
    }
    var left = graph.constant(a);
    return a == b || (left != null && left.equals(graph.constant(b)));
  }

  /** Whether a node is one of those that make a quantizer, or stands for one in integers. */
  static boolean isPartOfOne(Node node) {
    return node.calls(FAKE_QUANT)
        || node.calls(QUANTIZE)
        || node.calls(DEQUANTIZE)
        || node.calls(QONNX_QUANT);
  }

  /** What is quantized. */
  Value input() {
    return input;
  }

  /** Whether this and another have the same grid, so that the second changes nothing. */
  boolean sameGrid(Quantizer other) {
    return Objects.equals(quantize.constant(1), other.quantize.constant(1))
        && quantize.constant(1) != null
        && Objects.equals(quantize.constant(2), other.quantize.constant(2))
        && quantize.constant(1).elementCount() == 1
        && quantize.hasInput(2) == other.quantize.hasInput(2)
        && quantize.attributes().equals(other.quantize.attributes());
  }

  /** The numbers on the grid. */
  Value output() {
    return output;
  }

  /** The real numbers that the grid reaches to. */
  Range representable() {
    return image(Range.ALL);
  }

  private Range image(Range range) {
    Range first = node.op().rangeTransfer(quantize, ranges(quantize, range)).getFirst();
    return dequantizer == null || dequantize == null
        ? first
        : dequantizer.op().rangeTransfer(dequantize, ranges(dequantize, first)).getFirst();
  }

  private static List<@Nullable Range> ranges(OpCall call, Range first) {
    List<@Nullable Range> ranges = new ArrayList<>();
    ranges.add(first);
    for (int i = 1; i < call.inputCount(); i++) {
      var constant = call.constant(i);
      ranges.add(constant == null ? null : Range.hullOf(constant));
    }
    return ranges;
  }

  /** What becomes of the elements of a tensor. */
  Tensor apply(Tensor x) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < quantize.inputCount(); i++) {
      inputs.add(i == 0 ? x : quantize.constant(i));
    }
    Tensor first = ReferenceInterpreter.evaluate(node, inputs).getFirst();
    if (dequantizer == null) {
      return first;
    }
    inputs.set(0, first);
    return ReferenceInterpreter.evaluate(dequantizer, inputs).getFirst();
  }

  /** What a number may be at most for it to be moved by no more than half a step. */
  Range unclipped() {
    return representable().widened(distance(representable()));
  }

  /**
   * How far a number in a range is moved at most: half a step, and what saturation cuts off; with
   * the roundings of an integer operator that ends with this quantizer.
   */
  ErrorBound distance(Range range) {
    ErrorBound moved = node.op().localError(quantize, ranges(quantize, range)).getFirst();
    if (dequantizer != null && dequantize != null) {
      Range integers = node.op().rangeTransfer(quantize, ranges(quantize, range)).getFirst();
      moved =
          moved.plus(
              dequantizer.op().localError(dequantize, ranges(dequantize, integers)).getFirst());
    }
    Range reached = representable();
    if (!range.isBounded() || !reached.isBounded()) {
      return ErrorBound.unbounded("what '" + input.name() + "' can be is not bounded");
    }
    double magnitude = Math.max(range.magnitude(), reached.magnitude());
    return moved.plus(ErrorBound.uniform(Outward.multiplyUp(2 * magnitude, EPILOGUE)));
  }
}
