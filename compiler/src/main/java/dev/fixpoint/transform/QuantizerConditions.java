package dev.fixpoint.transform;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Side conditions on chains of quantizers and dequantizers with one scale, proved by enumeration:
 * the reference semantics maps every integer of the type that goes in.
 */
final class QuantizerConditions {
  private static final int SCALE = 1;
  private static final int ZERO_POINT = 2;
  private static final int MOST_BITS = 16;

  private QuantizerConditions() {}

  /** {@code comes_back(x, y)}: y, made of x alone and of constants, is x for every integer. */
  static Condition comesBack(Capture<Value> x, Capture<Value> y) {
    return new Condition(
        "comes_back(" + x + ", " + y + ")",
        Condition.Kind.SOUNDNESS,
        match -> {
          ElementType type = match.type(match.get(x)).elementType();
          Tensor integers = integers(type);
          Tensor back = integers == null ? null : mapped(match, x, y, integers);
          if (integers == null || back == null) {
            return Optional.of("integers of " + type.text() + " cannot be followed to '" + y + "'");
          }
          return firstDifference(integers, integers, back);
        },
        (graph, match, random) -> alike(graph, match, random, 1 + random.nextInt(3) * 1e-4),
        (graph, match, random) -> alike(graph, match, random, 1.5 + random.nextInt(3)));
  }

  /**
   * {@code is_lossless(x, t, c, y)}: for every integer of x, y is the same whether it quantizes t,
   * which dequantizes x, or c, which was quantized in between.
   */
  static Condition isLossless(
      Capture<Value> x, Capture<Value> t, Capture<Value> c, Capture<Value> y) {
    return new Condition(
        "is_lossless(" + x + ", " + t + ", " + c + ", " + y + ")",
        Condition.Kind.SOUNDNESS,
        match -> {
          ElementType type = match.type(match.get(x)).elementType();
          Tensor integers = integers(type);
          Tensor all = integers == null ? null : mapped(match, x, y, integers);
          Tensor real = all == null || integers == null ? null : mapped(match, x, t, integers);
          Tensor direct = real == null ? null : mapped(match, c, y, real);
          if (integers == null || all == null || direct == null) {
            return Optional.of("integers of " + type.text() + " cannot be followed to '" + y + "'");
          }
          return firstDifference(integers, all, direct);
        },
        (graph, match, random) -> alike(graph, match, random, 1 + random.nextInt(3) * 1e-4),
        (graph, match, random) -> alike(graph, match, random, 2.5 + random.nextInt(3)));
  }

  /** All integers of a small type, or null. */
  private static @Nullable Tensor integers(ElementType type) {
    if (!type.isInteger() || type.bits() > MOST_BITS) {
      return null;
    }
    long[] values = new long[1 << type.bits()];
    Arrays.setAll(values, i -> type.minInteger() + i);
    return Tensor.ofLongs(type, Shape.of(values.length), values);
  }

  /** What becomes of numbers on the way from one value to another; null where it is not known. */
  private static @Nullable Tensor mapped(
      Match match, Capture<Value> from, Capture<Value> target, Tensor numbers) {
    GraphView graph = match.graph();
    List<Node> chain = new ArrayList<>();
    for (Value value = match.get(target); value != match.get(from); ) {
      Node producer = graph.producer(value);
      if (producer == null) {
        return null;
      }
      chain.addFirst(producer);
      value = producer.input(0);
    }
    Tensor now = numbers;
    for (Node node : chain) {
      List<@Nullable Tensor> inputs = new ArrayList<>(List.of(now));
      for (Value input : node.inputs().subList(1, node.inputs().size())) {
        Tensor constant = input == null ? null : graph.constant(input);
        if (input != null && (constant == null || constant.elementCount() != 1)) {
          return null;
        }
        inputs.add(constant == null ? null : constant.reshaped(Shape.SCALAR));
      }
      now = node.op().evaluate(OpCall.ofTensors(node.attributes(), inputs, 1)).getFirst();
    }
    return now;
  }

  private static Optional<String> firstDifference(Tensor integers, Tensor before, Tensor after) {
    if (before.elementType() != after.elementType()) {
      return Optional.of(
          before.elementType().text() + " would become " + after.elementType().text());
    }
    for (int i = 0; i < integers.elementCount(); i++) {
      if (before.longAt(i) != after.longAt(i)) {
        return Optional.of(
            "for the integer "
                + integers.longAt(i)
                + " "
                + before.longAt(i)
                + " would become "
                + after.longAt(i));
      }
    }
    return Optional.empty();
  }

  /** Gives the nodes of a match parameters of their own that differ by a factor. */
  private static boolean alike(
      GraphEdit graph, Match match, SplittableRandom random, double factor) {
    Node first = match.nodes().getLast();
    ElementType type = match.type(first.input(0)).elementType();
    if (!type.isInteger() || type.bits() > MOST_BITS) {
      return false;
    }
    double scale = random.nextDouble(0x1p-8, 1);
    long zero = random.nextBoolean() ? 0 : type.minInteger() + random.nextInt(1 << type.bits());
    for (Node node : match.nodes()) {
      double own = node == first ? scale : scale * factor;
      graph.setInput(
          node,
          SCALE,
          graph.addConstant("scale", Tensor.filled(ElementType.FLOAT, Shape.SCALAR, own)));
      graph.setInput(
          node, ZERO_POINT, graph.addConstant("zero", Tensor.filled(type, Shape.SCALAR, zero)));
    }
    return true;
  }

  /**
   * {@code covers(lo, hi, y)}: the quantizer that makes y has finite positive scales and maps the
   * bounds, where there are any, to the smallest and the largest integer of its type.
   */
  static Condition covers(Capture<Value> low, Capture<Value> high, Capture<Value> y) {
    return new Condition(
        "covers(" + low + ", " + high + ", " + y + ")",
        Condition.Kind.SOUNDNESS,
        match -> {
          ElementType type = match.type(match.get(y)).elementType();
          if (!type.isInteger()) {
            return Optional.of("'" + y + "' does not hold integers");
          }
          return uncovered(match, low, type.minInteger())
              .or(() -> uncovered(match, high, type.maxInteger()));
        },
        (graph, match, random) ->
            setBound(graph, match, low, -random.nextInt(3), true)
                | setBound(graph, match, high, random.nextInt(3), false),
        (graph, match, random) ->
            random.nextBoolean()
                ? setBound(graph, match, low, 2 + random.nextInt(9), true)
                : setBound(graph, match, high, -2 - random.nextInt(9), false));
  }

  private static Optional<String> uncovered(Match match, Capture<Value> bound, long end) {
    if (match.find(bound).isEmpty()) {
      return Optional.empty();
    }
    Node quantizer = match.root();
    Tensor value = match.findConstant(bound).orElse(null);
    Tensor scales = match.graph().constant(quantizer.input(SCALE));
    Value zero = quantizer.inputOrNull(ZERO_POINT);
    Tensor zeros = zero == null ? null : match.graph().constant(zero);
    if (value == null || scales == null || (zero != null && zeros == null)) {
      return Optional.of("bounds and parameters are not all constant");
    }
    if (Arrays.stream(scales.toDoubles())
        .anyMatch(scale -> !(scale > 0) || Double.isInfinite(scale))) {
      return Optional.of("a scale is not positive and finite");
    }
    Shape shape = Shape.of(scales.elementCount());
    double number = value.doubleAt(0);
    Tensor bounds = Tensor.filled(value.elementType(), shape, number);
    List<@Nullable Tensor> inputs = new ArrayList<>(List.of(bounds, scales.reshaped(shape)));
    inputs.add(zeros == null ? null : zeros.reshaped(shape));
    Attributes attributes = quantizer.attributes().without("block_size").without("axis");
    OpCall call = OpCall.ofTensors(attributes.with(QuantizeLinear.AXIS, 0L), inputs, 1);
    long[] integers = quantizer.op().evaluate(call).getFirst().toLongs();
    return Double.isNaN(number) || Arrays.stream(integers).anyMatch(integer -> integer != end)
        ? Optional.of("'" + bound + "' is inside of what the quantizer represents")
        : Optional.empty();
  }

  /** Puts a bound some steps above an end of what the quantizer represents. */
  private static boolean setBound(
      GraphEdit graph, Match match, Capture<Value> bound, int steps, boolean isLow) {
    Node quantizer = match.root();
    ElementType type = match.type(quantizer.output()).elementType();
    Tensor scales = match.graph().constant(quantizer.input(SCALE));
    Value zero = quantizer.inputOrNull(ZERO_POINT);
    Tensor zeros = zero == null ? null : match.graph().constant(zero);
    if (match.findConstant(bound).isEmpty()
        || scales == null
        || (zero != null && zeros == null)
        || !type.isInteger()) {
      return false;
    }
    double end = isLow ? type.minInteger() : type.maxInteger();
    double value = isLow ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scales.elementCount(); i++) {
      double real = (end + steps - (zeros == null ? 0 : zeros.doubleAt(i))) * scales.doubleAt(i);
      value = isLow ? Math.min(value, real) : Math.max(value, real);
    }
    Tensor tensor = match.constant(bound);
    graph.setConstant(match.get(bound), Tensor.filled(tensor.elementType(), tensor.shape(), value));
    return true;
  }
}
