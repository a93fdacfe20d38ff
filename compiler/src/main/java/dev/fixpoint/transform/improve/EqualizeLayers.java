package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.RefusedRewrite;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.transform.quantize.WeightedOperator;
import dev.fixpoint.transform.weights.WeightMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cross-layer equalization (M. Nagel et al., "Data-Free Quantization Through Weight Equalization
 * and Bias Correction", arXiv:1906.04721, section 4.1): the channels between two layers are scaled
 * so that both layers' weights have the same range in each.
 *
 * <p>For {@code y = W₂·f(W₁·x + b₁) + b₂} and a positively homogeneous f (none, Relu, LeakyRelu),
 * {@code s_i = √(r₁ᵢ·r₂ᵢ) / r₂ᵢ} with the ranges r of row i of W₁ and column i of W₂ gives the same
 * function with {@code W₁/s}, {@code b₁/s} and {@code W₂·s}. Chains are gone through until nothing
 * changes.
 *
 * <pre>
 *   h = Relu(Conv(x, w1, b1))        h' = Relu(Conv(x, w1 / s, b1 / s))
 *   y = Conv(h, w2, b2)         →    y  = Conv(h', w2 · s, b2)
 * </pre>
 */
public record EqualizeLayers() implements Pass {
  private static final String NAME = "cle";
  private static final int SWEEPS = 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    List<ScaledPair> pairs = new ArrayList<>();
    for (Node node : graph.nodes()) {
      pair(graph, node).ifPresent(pairs::add);
    }
    if (pairs.isEmpty()) {
      return graph;
    }
    PairScales scales = PairScales.of(graph, pairs);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int i = 0; i < pairs.size(); i++) {
        scales.equalize(i);
      }
    }
    return context.rewrite(
        graph,
        rewriter -> {
          for (int i = 0; i < pairs.size(); i++) {
            apply(rewriter, context, pairs.get(i), scales.of(i));
          }
        });
  }

  /** The pair that begins with a node, if there is one. */
  private static Optional<ScaledPair> pair(GraphView graph, Node first) {
    Optional<WeightMatrix> before = WeightMatrix.of(graph, first);
    Value between = first.output();
    if (before.isEmpty()
        || first.hasInput(WeightedOperator.RESIDUAL)
        || graph.isOutput(between)
        || graph.useCount(between) != 1
        || !isHomogeneous(Activation.of(first.attributes()))
        || !biasScales(graph, first, before.get())) {
      return Optional.empty();
    }
    Node second = graph.uses(between).getFirst().node();
    boolean reads =
        WeightedOperator.isWeighted(second)
            && graph.uses(between).getFirst().index() == 0
            && WeightedOperator.isConvolution(first) == WeightedOperator.isConvolution(second)
            && !(WeightedOperator.isGemm(second)
                && second.attributes().isSet(WeightedOperator.TRANS_A));
    return reads
        ? WeightMatrix.of(graph, second)
            .filter(after -> ScaledPair.channels(after) == before.get().rows())
            .map(after -> new ScaledPair(between, before.get(), second.output(), after))
        : Optional.empty();
  }

  private static boolean isHomogeneous(Activation activation) {
    return activation instanceof Activation.None
        || activation instanceof Activation.Relu
        || activation instanceof Activation.LeakyRelu;
  }

  /** Whether the bias is absent or a constant with one entry for each channel. */
  private static boolean biasScales(GraphView graph, Node node, WeightMatrix matrix) {
    Value bias = node.inputOrNull(WeightedOperator.BIAS);
    var known = bias == null ? null : graph.constant(bias);
    return bias == null || known != null && known.elementCount() == matrix.rows();
  }

  private static void apply(
      Rewriter rewriter, PassContext context, ScaledPair pair, double[] scales) {
    if (Arrays.stream(scales).allMatch(scale -> scale == 1)) {
      return;
    }
    Node first = rewriter.graph().producer(pair.between());
    Node second = rewriter.graph().producer(pair.output());
    if (first == null || second == null) {
      throw new IllegalStateException("nothing makes '" + pair.between().name() + "' any more");
    }
    try {
      rewriter.replace(
          NAME,
          List.of(second, first),
          build -> pair.replace(rewriter.graph(), build, first, second, scales),
          ErrorContract.realIdentity());
    } catch (RefusedRewrite refusal) {
      context.refuse(NAME, first, String.valueOf(refusal.getMessage()));
    }
  }
}
