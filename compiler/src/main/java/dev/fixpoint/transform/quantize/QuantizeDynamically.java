package dev.fixpoint.transform.quantize;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RewriteSite;
import dev.fixpoint.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Quantizes weights now and activations when they are known: each operator with constant weights
 * reads its input through DynamicQuantizeLinear, multiplies integers, and scales the sums to float.
 * Needs no calibration, and uses standard operators only.
 *
 * <pre>
 *   y = MatMul(x, W)    →    q, s, z = DynamicQuantizeLinear(x)
 *                            t = Cast(MatMulInteger(q, qW, z))
 *                            y = Mul(t, Mul(s, sW))
 * </pre>
 *
 * @param scheme type and granularity of weights, and what stays in float
 */
public record QuantizeDynamically(QuantScheme scheme) implements Pass {
  private static final String NAME = "quantize-dynamically";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    QuantDecisions decisions = QuantDecisions.of(graph, scheme);
    Map<Value, List<Node>> readers = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      boolean fits =
          QuantRole.of(node).equals(Optional.of(QuantRole.WEIGHTED))
              && decisions.isInteger(node)
              && graph.constant(node.input(WeightedOperator.WEIGHTS)) != null
              && !node.attributes().isSet(WeightedOperator.TRANS_A);
      if (fits) {
        readers.computeIfAbsent(node.input(0), _ -> new ArrayList<>()).add(node);
      }
    }
    return context.rewrite(
        graph, rewriter -> readers.forEach((x, nodes) -> quantize(graph, rewriter, x, nodes)));
  }

  /** All readers of a value at once, so that they share its quantizer. */
  private void quantize(Graph graph, Rewriter rewriter, Value x, List<Node> nodes) {
    Map<Value, DynamicForm> forms = new LinkedHashMap<>();
    nodes.forEach(node -> forms.put(node.output(), DynamicForm.of(graph, scheme, node)));
    rewriter.replace(
        NAME,
        nodes,
        build -> {
          Value integers = build.value(x.name() + "_dynamic");
          Value scale = build.value(x.name() + "_dynamic_scale");
          Value zeroPoint = build.value(x.name() + "_dynamic_zero_point");
          build.node(
              QuantOps.DYNAMIC_QUANTIZE_LINEAR,
              Attributes.NONE,
              List.of(x),
              List.of(integers, scale, zeroPoint));
          forms.values().forEach(form -> form.build(build, integers, scale, zeroPoint));
        },
        ErrorContract.custom("dynamic_quantization", site -> bound(site, forms)));
  }

  /**
   * The operator's own transfer of the quantization errors of both sides. A value is at most one
   * step from its quantization: half a step for rounding, and half a step where the rounded zero
   * point shifts the range. The few float32 roundings of the integer form are counted like the
   * operator's own.
   */
  private static ErrorBound bound(RewriteSite site, Map<Value, DynamicForm> forms) {
    DynamicForm form = forms.get(site.output());
    if (form == null) {
      return ErrorBound.unbounded("the rewrite does not make '" + site.output().name() + "'");
    }
    Node node = form.node();
    List<@Nullable Range> ranges = new ArrayList<>();
    ErrorBound[] errors = new ErrorBound[node.inputs().size()];
    Arrays.fill(errors, ErrorBound.EXACT);
    for (Value input : node.inputs()) {
      ranges.add(input == null ? null : site.ranges().apply(input));
    }
    Interval x = site.ranges().apply(node.input(0)).hull().join(Interval.ZERO);
    errors[0] = ErrorBound.uniform(Outward.multiplyUp(x.width(), 1.001 / 255));
    errors[WeightedOperator.WEIGHTS] = form.weightError();
    var call = TypeInference.call(site.graph(), node);
    ErrorBound moved = node.op().errorTransfer(call, ranges, List.of(errors)).getFirst();
    return moved.plus(node.op().localError(call, ranges).getFirst().scaledBy(8));
  }
}
