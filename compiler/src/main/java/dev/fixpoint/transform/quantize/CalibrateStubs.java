package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.calibration.Calibration;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.calibration.ValueSummary;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every QuantStub its range, and how large most of the numbers in it are.
 *
 * <p>A range that operators or declared inputs prove needs no data; where data was seen, the proved
 * range is taken unless it would cost more than a bit, so that no number can be clipped; except
 * where the method of calibration cuts numbers off on purpose. Every other range is what
 * calibration data shows at the stub's input.
 *
 * @param scheme says how ranges are chosen
 * @param data sample data
 */
public record CalibrateStubs(QuantScheme scheme, CalibrationData data) implements Pass {
  private static final String NAME = "calibrate";

  /** How many times wider than the data a proved range may be. */
  private static final double AFFORDABLE = 2;

  /**
   * On one thread, without a cache.
   *
   * @param batches tensor by input name, for each batch
   */
  public CalibrateStubs(QuantScheme scheme, Iterable<Map<String, Tensor>> batches) {
    this(scheme, CalibrationData.of(batches));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<GraphProperty> establishes() {
    return Set.of(QuantProperties.CALIBRATED);
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    List<Node> stubs =
        graph.nodes().stream().filter(node -> node.calls(QuantOps.QUANT_STUB)).toList();
    if (stubs.isEmpty()) {
      return graph;
    }
    Map<Value, Interval> derived = DerivedRanges.of(graph, context.inputRanges());
    Map<Value, ValueSummary> seen = Map.of();
    boolean proved = stubs.stream().allMatch(stub -> derived.containsKey(stub.input(0)));
    if (!proved || data.batches().iterator().hasNext()) {
      Set<Value> observed = new LinkedHashSet<>();
      for (Node stub : stubs) {
        observed.add(stub.input(0));
        observed.addAll(ValueParts.of(graph, stub.input(0)));
      }
      seen = new Calibration(scheme, context.evaluator(), data).of(graph, observed);
    }
    Map<Value, ValueSummary> summaries = seen;
    return context.rewrite(
        graph,
        rewriter -> {
          for (Node stub : stubs) {
            Value value = stub.input(0);
            Interval range = range(derived.get(value), summaries.get(value));
            Attributes attributes = withBulk(ranged(range), graph, value, summaries);
            Stubs.replace(NAME, rewriter, stub, attributes);
          }
        });
  }

  private Interval range(@Nullable Interval derived, @Nullable ValueSummary seen) {
    if (seen == null) {
      return derived == null ? Interval.ZERO : derived;
    }
    Interval range = seen.range();
    if (derived != null
        && scheme.calibration().equals(CalibrationMethod.MINMAX)
        && withZero(derived).width() <= AFFORDABLE * withZero(range).width()) {
      return derived;
    }
    return range;
  }

  /** Every quantizer represents zero. */
  private static Interval withZero(Interval range) {
    return range.join(Interval.ZERO);
  }

  /** The smallest bulk of the value's parts that are not zero throughout. */
  private static Attributes withBulk(
      Attributes attributes, Graph graph, Value value, Map<Value, ValueSummary> summaries) {
    double least = Double.POSITIVE_INFINITY;
    for (Value part : ValueParts.of(graph, value)) {
      ValueSummary summary = summaries.get(part);
      if (summary != null && summary.bulk() > 0) {
        least = Math.min(least, summary.bulk());
      }
    }
    return least < Double.POSITIVE_INFINITY
        ? attributes.with(QuantStub.BULK, (float) Math.min(least, Float.MAX_VALUE))
        : attributes;
  }

  /** The attributes that carry a range, widened to float32. */
  static Attributes ranged(Interval range) {
    float low = (float) range.low();
    float high = (float) range.high();
    return Attributes.NONE
        .with(QuantStub.MIN, low > range.low() ? Math.nextDown(low) : low)
        .with(QuantStub.MAX, high < range.high() ? Math.nextUp(high) : high);
  }
}
