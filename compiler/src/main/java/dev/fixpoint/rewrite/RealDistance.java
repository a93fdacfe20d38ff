package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The distance of a value before and after a rewrite that is equal over the reals: each side's
 * distance from the real function, added.
 *
 * <p>Along one side, {@code d(output) = errorTransfer(d(inputs)) + localError}: the reference moves
 * by at most the transfer when its inputs move by {@code d}, and is off by the local error where
 * they are right.
 */
final class RealDistance {
  /** Most elements of a constant of which each is known by itself. */
  private static final int SPELLED_OUT = 4096;

  private final RewriteSite site;
  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, Range> ranges = new HashMap<>();
  private final Map<Value, ErrorBound> distances = new HashMap<>();
  private final Map<Value, TensorType> types = new HashMap<>();

  private RealDistance(RewriteSite site, List<Node> side) {
    this.site = site;
    for (Node node : side) {
      node.outputs().forEach(output -> producers.put(output, node));
    }
  }

  static ErrorBound between(RewriteSite site) {
    Replacement replacement = site.replacement();
    ErrorBound before = new RealDistance(site, site.nodes()).distance(site.output());
    RealDistance after = new RealDistance(site, replacement.nodes());
    Value now = replacement.substitutions().getOrDefault(site.output(), site.output());
    return before.plus(after.distance(now));
  }

  private ErrorBound distance(Value output) {
    List<Value> work = new ArrayList<>(List.of(output));
    while (!work.isEmpty()) {
      Value next = work.getLast();
      Node producer = producers.get(next);
      List<Value> missing = new ArrayList<>();
      if (producer != null && !distances.containsKey(next)) {
        for (Value input : producer.inputs()) {
          if (input != null && producers.containsKey(input) && !distances.containsKey(input)) {
            missing.add(input);
          }
        }
      }
      work.addAll(missing);
      if (missing.isEmpty()) {
        work.removeLast();
        if (producer != null && !distances.containsKey(next)) {
          visit(producer);
        }
      }
    }
    return distances.getOrDefault(output, sourceError(output));
  }

  private void visit(Node node) {
    OpCall call = call(node);
    List<@Nullable Range> inputRanges = inputRanges(node);
    List<ErrorBound> inputErrors = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputErrors.add(
          input == null ? ErrorBound.EXACT : distances.getOrDefault(input, sourceError(input)));
    }
    List<ErrorBound> moved = node.op().errorTransfer(call, inputRanges, inputErrors);
    List<ErrorBound> local = node.op().localError(call, inputRanges);
    List<TensorType> outputTypes = node.op().inferTypes(call);
    for (int i = 0; i < node.outputs().size(); i++) {
      distances.put(node.output(i), moved.get(i).plus(local.get(i)));
      types.put(node.output(i), outputTypes.get(i));
    }
  }

  private ErrorBound sourceError(Value value) {
    return site.replacement().constantErrors().getOrDefault(value, ErrorBound.EXACT);
  }

  private List<@Nullable Range> inputRanges(Node node) {
    List<@Nullable Range> inputRanges = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputRanges.add(input == null ? null : range(input));
    }
    return inputRanges;
  }

  /**
   * The range of a value on this side and of the real one, derived only where something asks for
   * it.
   */
  private Range range(Value value) {
    Node producer = producers.get(value);
    if (producer != null && !ranges.containsKey(value)) {
      // What the producer reads was visited before it, so that this does not go deeper.
      List<Range> made = producer.op().rangeTransfer(call(producer), inputRanges(producer));
      for (int i = 0; i < producer.outputs().size(); i++) {
        Value output = producer.output(i);
        Range reals = made.get(i);
        if (producer.op().approximates()) {
          reals = reals.widened(distances.getOrDefault(output, ErrorBound.EXACT));
        }
        ranges.put(output, reals);
      }
    }
    Range known = ranges.get(value);
    if (known != null) {
      return known;
    }
    Tensor constant = constant(value);
    return constant != null && constant.elementType().isNumeric()
        ? range(constant, sourceError(value))
        : site.ranges().apply(value);
  }

  /** The range that holds a stored constant and the one that is meant. */
  private static Range range(Tensor constant, ErrorBound error) {
    boolean spelledOut = constant.elementCount() <= SPELLED_OUT;
    if (error instanceof ErrorBound.Exact || !error.isBounded()) {
      return spelledOut ? Range.ofTensor(constant) : Range.hullOf(constant);
    }
    if (!spelledOut) {
      return Range.hullOf(constant).map(interval -> interval.widened(error.max()));
    }
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < constant.elementCount(); i++) {
      Interval stored = Interval.point(constant.doubleAt(i));
      intervals.add(stored.widened(error.at(i, constant.shape())));
    }
    return Range.perElement(intervals);
  }

  private @Nullable Tensor constant(Value value) {
    Tensor made = site.replacement().constants().get(value);
    return made != null ? made : site.graph().constant(value);
  }

  private OpCall call(Node node) {
    return TypeInference.call(node, this::type, this::constant, site.graph()::shapeValue);
  }

  private TensorType type(Value value) {
    Tensor constant = constant(value);
    return constant != null ? constant.type() : types.getOrDefault(value, site.graph().type(value));
  }
}
