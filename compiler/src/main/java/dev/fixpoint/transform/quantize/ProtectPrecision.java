package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Leaves in float what quantization would cost most of its precision: a value, or a branch of a
 * Concat, most of whose numbers are smaller than one step of the quantizer that they would get.
 *
 * <pre>
 *   c = Concat(a, b)     |a| about 0.01, |b| up to 10: one step of c is 0.08
 *   s = QuantStub(c)           c = Concat(a, b)
 *   y = Conv(s, w)        →    y = Conv(c, w)        stays float; a and b are not quantized either
 * </pre>
 *
 * <p>Where the step is so large only because an operator that moves elements shares the parameters
 * of its input and outputs (a Split into parts of very different size), that operator is left in
 * float, and each part gets a quantizer of its own. The decisions about all other nodes are made
 * anew, so that no quantizer is left that no integer operator reads. What was left in float and why
 * is among the refusals of the run.
 *
 * @param scheme integer type of activations, and what stays in float anyway
 */
public record ProtectPrecision(QuantScheme scheme) implements Pass {
  /** Name of this pass in refusals. */
  static final String NAME = "protect-precision";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<GraphProperty> requires() {
    return Set.of(QuantProperties.CALIBRATED);
  }

  @Override
  public Set<GraphProperty> establishes() {
    return Set.of(QuantProperties.CALIBRATED);
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    Map<Value, String> kept = new LinkedHashMap<>();
    Graph current = graph;
    // Each round leaves at least one more node in float.
    while (keepMore(current, kept)) {
      current = stubbedAnew(current, context, kept);
    }
    for (Map.Entry<Value, String> entry : kept.entrySet()) {
      Node node = current.producer(entry.getKey());
      if (node != null) {
        context.refuse(NAME, node, entry.getValue());
      }
    }
    return current;
  }

  /** Adds nodes, by their first output, that have to stay in float; says whether there were any. */
  private boolean keepMore(Graph graph, Map<Value, String> kept) {
    int before = kept.size();
    ScaleGroups.requiredRanges(graph)
        .forEach(
            (stub, shared) -> {
              Float bulk = stub.attributes().find(QuantStub.BULK);
              if (bulk != null && bulk < step(shared)) {
                for (Node node : costly(graph, stub, bulk)) {
                  Value output = Stubs.without(graph, node.output());
                  kept.putIfAbsent(output, reason(stub, shared, bulk));
                }
              }
            });
    return kept.size() > before;
  }

  private float step(Interval range) {
    return scheme.activation(range).scale(0);
  }

  /** The operator that forces a large step upon a stub, else those that read it. */
  private List<Node> costly(Graph graph, Node stub, float bulk) {
    Node producer = graph.producer(stub.input(0));
    boolean fineAlone = bulk >= step(ScaleGroups.range(stub));
    if (fineAlone
        && producer != null
        && QuantRole.of(producer).equals(Optional.of(QuantRole.SAME_SCALE))) {
      return List.of(producer);
    }
    return graph.uses(stub.output()).stream().map(Use::node).distinct().toList();
  }

  private String reason(Node stub, Interval shared, float bulk) {
    return String.format(
        Locale.ROOT,
        "'%s' would be quantized in steps of %.3g, but most numbers of it, or of a tensor in it,"
            + " are about %.3g",
        stub.input(0).name(),
        step(shared),
        bulk);
  }

  /** The graph with stubs for what may still run on integers, and the ranges that they had. */
  private Graph stubbedAnew(Graph graph, PassContext context, Map<Value, String> kept) {
    Map<Value, Attributes> known = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.calls(QuantOps.QUANT_STUB)) {
        known.put(Stubs.without(graph, node.input(0)), node.attributes());
      }
    }
    Graph bare =
        context.rewrite(
            graph,
            rewriter -> {
              for (Node node : graph.nodes()) {
                if (node.calls(QuantOps.QUANT_STUB) || node.calls(QuantOps.DEQUANT_STUB)) {
                  Stubs.drop(NAME, rewriter, now(rewriter.graph(), node));
                }
              }
            });
    Graph stubbed = InsertQuantStubs.insert(bare, QuantDecisions.of(bare, scheme, kept), context);
    return context.rewrite(
        stubbed,
        rewriter -> {
          for (Node stub : stubbed.nodes()) {
            Attributes had =
                stub.calls(QuantOps.QUANT_STUB)
                    ? known.get(Stubs.without(stubbed, stub.input(0)))
                    : null;
            if (had != null) {
              Stubs.replace(NAME, rewriter, stub, had);
            }
          }
        });
  }

  /** The node that makes a stub's output by now. */
  private static Node now(GraphView graph, Node stub) {
    Node producer = graph.producer(stub.output());
    return producer == null ? stub : producer;
  }
}
