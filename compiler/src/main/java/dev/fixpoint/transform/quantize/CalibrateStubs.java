package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.calibration.Calibrator;
import dev.fixpoint.calibration.Observer;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every QuantStub the range that calibration data shows at its input.
 *
 * @param scheme says how ranges are chosen
 * @param batches tensor by input name, for each batch
 */
public record CalibrateStubs(QuantScheme scheme, Iterable<? extends Map<String, Tensor>> batches)
    implements Pass {
  private static final String NAME = "calibrate";

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
    Map<Value, Observer> observers = new LinkedHashMap<>();
    stubs.forEach(stub -> observers.put(stub.input(0), scheme.calibration().observer()));
    Map<Value, Observer> seen =
        new Calibrator(context.evaluator()).observe(graph, observers, batches);
    return context.rewrite(
        graph,
        rewriter -> {
          for (Node stub : stubs) {
            Observer observer = seen.get(stub.input(0));
            Interval range =
                observer == null ? Interval.ZERO : observer.range(scheme.activationType());
            rewriter.replace(
                NAME,
                List.of(stub),
                build ->
                    build.define(stub.output(), QuantOps.QUANT_STUB, ranged(range), stub.input(0)),
                ErrorContract.bitExact());
          }
        });
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
