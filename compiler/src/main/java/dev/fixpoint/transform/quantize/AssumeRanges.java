package dev.fixpoint.transform.quantize;

import dev.fixpoint.analysis.RangeAnalysis;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import java.util.Set;

/**
 * Gives every QuantStub a range without data, as training starts from where there is none: the part
 * of [-6, 6] that interval analysis leaves possible, since normalized values rarely lie beyond.
 */
public record AssumeRanges() implements Pass {
  /** The largest magnitude of a range that is only assumed. */
  public static final double MAGNITUDE = 6;

  private static final String NAME = "assume-ranges";

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
    RangeAnalysis ranges = new RangeAnalysis(graph, context.inputRanges());
    return context.rewrite(
        graph,
        rewriter -> {
          for (Node stub : graph.nodes()) {
            if (stub.calls(QuantOps.QUANT_STUB)) {
              Interval possible = ranges.range(stub.input(0)).hull();
              Interval range =
                  possible.isBounded()
                      ? possible
                      : new Interval(
                          Math.clamp(possible.low(), -MAGNITUDE, 0),
                          Math.clamp(possible.high(), 0, MAGNITUDE));
              Stubs.replace(NAME, rewriter, stub, CalibrateStubs.ranged(range));
            }
          }
        });
  }
}
