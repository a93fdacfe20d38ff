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
 * takes integers of its input under a range of its own, multiplies, and scales the sums to float.
 * Needs no calibration.
 *
 * <pre>
 *   y = MatMul(x, W)    →    q, s, z = DynamicQuantizeLinear(x)           a range for the tensor
 *                            t = Cast(MatMulInteger(q, qW, z))
 *                            y = Mul(t, Mul(s, sW))
 *   y = MatMul(x, W)    →    y = DynamicQMatMul(x, qW, sW, zW)            a range for each row
 * </pre>
 *
 * @param scheme type and granularity of weights, and what stays in float
 * @param range what shares a range
 */
public record QuantizeDynamically(QuantScheme scheme, DynamicRange range) implements Pass {
  private static final String NAME = "quantize-dynamically";
  private static final String CONTRACT = "dynamic_quantization";

  /** A range for each tensor, in standard operators. */
  public QuantizeDynamically(QuantScheme scheme) {
    this(scheme, DynamicRange.TENSOR);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    QuantDecisions decisions = QuantDecisions.of(graph, scheme);
    Map<Value, List<Node>> readers = new LinkedHashMap<>();
    List<Node> byRow = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (refusal(graph, decisions, node).isEmpty()) {
        if (range == DynamicRange.TOKEN && DynamicRowForm.fits(graph, node)) {
          byRow.add(node);
        } else {
          readers.computeIfAbsent(node.input(0), _ -> new ArrayList<>()).add(node);
        }
      }
    }
    return context.rewrite(
        graph,
        rewriter -> {
          byRow.forEach(node -> quantizeRows(graph, rewriter, node));
          readers.forEach((x, nodes) -> quantize(graph, rewriter, x, nodes));
        });
  }

  /** Why a node stays in float; empty where it does not. */
  private static Optional<String> refusal(Graph graph, QuantDecisions decisions, Node node) {
    if (!QuantRole.of(node).equals(Optional.of(QuantRole.WEIGHTED))) {
      return Optional.of("dynamic quantization takes operators with constant weights only");
    }
    if (!decisions.isInteger(node)) {
      return Optional.of(decisions.of(node).reason());
    }
    if (graph.constant(node.input(WeightedOperator.WEIGHTS)) == null) {
      return Optional.of("its right side is computed; dynamic quantization takes constant weights");
    }
    if (WeightedOperator.isTransposedConvolution(node)) {
      return Optional.of(
          "ONNX has no transposed convolution of integers, to which ranges of each run could be"
              + " given; --scheme static runs it on integers");
    }
    return node.attributes().isSet(WeightedOperator.TRANS_A)
        ? Optional.of("its left side is transposed")
        : Optional.empty();
  }

  /** What this pass makes of each node of a graph. */
  public QuantReport report(Graph graph) {
    QuantDecisions decisions = QuantDecisions.of(graph, scheme);
    List<QuantReport.Entry> entries = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<String> refusal = refusal(graph, decisions, node);
      boolean rows = range == DynamicRange.TOKEN && refusal.isEmpty();
      String reason =
          rows && DynamicRowForm.fits(graph, node)
              ? "its weights are constant; each row of its input has a range of its own"
              : "its weights are constant; its input has a range of its own";
      entries.add(QuantReport.Entry.of(node, refusal.isEmpty(), refusal.orElse(reason)));
    }
    return new QuantReport(entries);
  }

  private void quantizeRows(Graph graph, Rewriter rewriter, Node node) {
    DynamicRowForm form = new DynamicRowForm(node, DynamicWeights.asymmetric(graph, scheme, node));
    rewriter.replace(
        NAME,
        List.of(node),
        build -> form.build(build, graph),
        ErrorContract.custom(CONTRACT, site -> bound(site, node, form.weights())));
  }

  /** All readers of a value at once, so that they share its quantizer. */
  private void quantize(Graph graph, Rewriter rewriter, Value x, List<Node> nodes) {
    Map<Value, DynamicForm> forms = new LinkedHashMap<>();
    nodes.forEach(
        node ->
            forms.put(
                node.output(),
                new DynamicForm(node, DynamicWeights.symmetric(graph, scheme, node))));
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
        ErrorContract.custom(CONTRACT, site -> bound(site, forms)));
  }

  private static ErrorBound bound(RewriteSite site, Map<Value, DynamicForm> forms) {
    DynamicForm form = forms.get(site.output());
    return form == null
        ? ErrorBound.unbounded("the rewrite does not make '" + site.output().name() + "'")
        : bound(site, form.node(), form.weights());
  }

  /**
   * The operator's own transfer of the quantization errors of both sides. A value is at most one
   * step from its quantization: half a step for rounding, and half a step where the rounded zero
   * point shifts the range. The few float32 roundings of the integer form are counted like the
   * operator's own.
   */
  private static ErrorBound bound(RewriteSite site, Node node, DynamicWeights weights) {
    List<@Nullable Range> ranges = new ArrayList<>();
    ErrorBound[] errors = new ErrorBound[node.inputs().size()];
    Arrays.fill(errors, ErrorBound.EXACT);
    for (Value input : node.inputs()) {
      ranges.add(input == null ? null : site.ranges().apply(input));
    }
    Interval x = site.ranges().apply(node.input(0)).hull().join(Interval.ZERO);
    errors[0] = ErrorBound.uniform(Outward.multiplyUp(x.width(), 1.001 / 255));
    errors[WeightedOperator.WEIGHTS] = weights.error();
    var call = TypeInference.call(site.graph(), node);
    ErrorBound moved = node.op().errorTransfer(call, ranges, List.of(errors)).getFirst();
    return moved.plus(node.op().localError(call, ranges).getFirst().scaledBy(8));
  }
}
