package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static dev.fixpoint.transform.fold.BatchNormConditions.orZero;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Conv;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Tensor;
import java.util.Collections;
import java.util.List;

/**
 * Folds an inference-time BatchNormalization into the convolution that reads it.
 *
 * <p>With {@code k = γ / √(σ² + ε)} and {@code s = β - μ·k} per input channel: {@code W' = W · k}
 * along the input channels, {@code b' = b + Σ W · s} over the taps of each output channel. The
 * convolution pads with zeros after the normalization, where the folded one pads before it; so the
 * windows must not be padded, or all of s must be zero.
 *
 * <pre>
 *   t = BatchNormalization(x, γ, β, μ, σ²)        y = Conv(x, W', b')
 *   y = Conv(t, W, b)                         →
 * </pre>
 */
public final class FoldBatchNormBeforeConv {
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> B = Capture.ofValue("b");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-batch-norm-before-conv")
          .doc(
              "Conv(x·k + s, W, b) = Conv(x, W·k, b + sum of W·s) where nothing is padded or s = 0")
          .match(
              Patterns.op(StandardOps.CONV)
                  .inputs(
                      batchNormOf(Patterns.any(X)).singleUse(),
                      Patterns.constant(W),
                      Patterns.optionalConstant(B)))
          .where(BatchNormConditions.inference())
          .where(
              Condition.soundness(
                      "conv does not pad, or the norm leaves zero where it is",
                      match -> isUnpadded(match.root()) || hasNoShift(match))
                  .withHooks(
                      (graph, match, random) ->
                          random.nextBoolean() ? unpad(graph, match) : unshift(graph, match),
                      (graph, match, _) -> pad(graph, match)))
          .where(BatchNormConditions.wellDefined())
          .replaceWith(FoldBatchNormBeforeConv::replace)
          .within(ErrorContract.realIdentity());

  private FoldBatchNormBeforeConv() {}

  private static boolean isUnpadded(Node conv) {
    List<Long> pads = conv.attributes().find(WindowGeometry.PADS);
    return switch (conv.get(WindowGeometry.AUTO_PAD)) {
      case "VALID" -> true;
      case "NOTSET" -> pads == null || pads.stream().allMatch(pad -> pad == 0);
      default -> false;
    };
  }

  private static boolean hasNoShift(Match match) {
    AffineStep step = BatchNormConditions.step(match);
    for (int c = 0; c < step.channels(); c++) {
      if (step.shift(c) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean unpad(GraphEdit graph, Match match) {
    graph.removeAttribute(match.root(), WindowGeometry.PADS);
    graph.removeAttribute(match.root(), WindowGeometry.AUTO_PAD);
    return true;
  }

  private static boolean unshift(GraphEdit graph, Match match) {
    for (Capture<Value> zero : List.of(BatchNormConditions.BIAS, BatchNormConditions.MEAN)) {
      Tensor tensor = match.constant(zero);
      graph.setConstant(match.get(zero), Tensor.filled(tensor.elementType(), tensor.shape(), 0));
    }
    return true;
  }

  private static boolean pad(GraphEdit graph, Match match) {
    int spatial = match.constant(W).shape().rank() - 2;
    graph.removeAttribute(match.root(), WindowGeometry.AUTO_PAD);
    graph.setAttribute(match.root(), WindowGeometry.PADS, Collections.nCopies(2 * spatial, 1L));
    Tensor bias = match.constant(BatchNormConditions.BIAS);
    graph.setConstant(
        match.get(BatchNormConditions.BIAS), Tensor.filled(bias.elementType(), bias.shape(), 3));
    return true;
  }

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor w = match.constant(W);
    Node conv = match.root();
    int groups = conv.attributes().getInt(Conv.GROUP);
    FoldedInputs folded =
        new FoldedInputs(
            build,
            BatchNormConditions.step(match),
            w,
            match.get(W).name(),
            WeightChannels.inputsOfConv(w.shape(), groups));
    build.define(
        conv.output(),
        StandardOps.CONV,
        conv.attributes(),
        match.get(X),
        folded.weights(),
        folded.bias(
            1,
            WeightChannels.ofConv(w.shape()),
            w.shape().intSize(0),
            orZero(match.findConstant(B))));
  }
}
