package dev.fixpoint.transform.fold;

import static dev.fixpoint.transform.fold.BatchNormConditions.NORM;
import static dev.fixpoint.transform.fold.BatchNormConditions.batchNormOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Gemm;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.testing.RuleReport;
import dev.fixpoint.testing.RuleTester;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Ten rules that are wrong in ways that optimizers have been wrong in. Nothing is said of them but
 * the rules themselves, and each is caught.
 */
class BrokenRulesTest {
  private static final Capture<Node> CONV = Capture.ofNode("conv");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> W = Capture.ofValue("w");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> K = Capture.ofValue("k");

  private static RewriteRule broken(
      OpPattern pattern, RewriteRule.ReplacementFunction replacement, Condition... conditions) {
    var matched = RewriteRule.named("broken").match(pattern);
    for (Condition condition : conditions) {
      matched = matched.where(condition);
    }
    return matched.replaceWith(replacement).within(ErrorContract.realIdentity());
  }

  private static void isCaught(RewriteRule rule, String problem) {
    RuleReport report = RuleTester.of(rule).report(200);
    assertThat(report.failures())
        .singleElement()
        .asString()
        .contains(problem)
        .contains("finds it at once");
  }

  private static RewriteRule without(RewriteRule rule, String condition) {
    List<Condition> rest =
        rule.conditions().stream().filter(c -> !c.text().startsWith(condition)).toList();
    assertThat(rest).hasSize(rule.conditions().size() - 1);
    return rule.looking(rule.pattern(), rest);
  }

  private static OpPattern convolution(OpDefinition op) {
    return Patterns.op(op)
        .capture(CONV)
        .singleUse()
        .inputs(Patterns.any(X), Patterns.constant(W), Patterns.optionalConstant(B));
  }

  private static double[] orZeros(Optional<Tensor> tensor, int count) {
    return tensor.map(Tensor::toDoubles).orElseGet(() -> new double[count]);
  }

  @Test
  void ignoringTheBetaOfAGemm() {
    RewriteRule rule =
        broken(
            batchNormOf(GemmParts.gemm(Patterns.any(X)).singleUse()),
            (match, build) -> {
              Tensor b = match.constant(GemmParts.B);
              FoldedWeights folded =
                  new FoldedWeights(build, BatchNormConditions.step(match), b, "b");
              double[] c = orZeros(match.findConstant(GemmParts.C), 1);
              build.define(
                  match.root().output(),
                  StandardOps.GEMM,
                  match.get(GemmParts.GEMM).attributes().with(Gemm.BETA, 1f),
                  match.get(X),
                  folded.weights(WeightChannels.ofMatrix(b.shape(), GemmParts.isTransposed(match))),
                  folded.bias(c));
            },
            BatchNormConditions.inference(),
            GemmParts.sameInEveryRow(),
            BatchNormConditions.wellDefined());
    isCaught(rule, "leaves the bound");
  }

  @Test
  void foldingIntoAConvTransposeOnAxis0() {
    RewriteRule rule =
        broken(
            batchNormOf(convolution(StandardOps.CONV_TRANSPOSE)),
            (match, build) -> {
              Tensor w = match.constant(W);
              var step = BatchNormConditions.step(match);
              int perMap = (int) w.elementCount() / w.shape().intSize(0);
              define(match, build, step, i -> i / perMap % step.channels());
            },
            BatchNormConditions.inference(),
            BatchNormConditions.wellDefined());
    isCaught(rule, "leaves the bound");
  }

  private static void define(
      Match match, ReplacementBuilder build, AffineStep step, IntUnaryOperator channelOf) {
    FoldedWeights folded = new FoldedWeights(build, step, match.constant(W), "w");
    build.define(
        match.root().output(),
        match.get(CONV).op(),
        match.get(CONV).attributes(),
        match.get(X),
        folded.weights(channelOf),
        folded.bias(orZeros(match.findConstant(B), step.channels())));
  }

  @Test
  void droppingTheEpsilon() {
    RewriteRule rule =
        broken(
            batchNormOf(convolution(StandardOps.CONV)),
            (match, build) -> {
              AffineStep step =
                  AffineStep.batchNorm(
                      match.constant(BatchNormConditions.SCALE),
                      match.constant(BatchNormConditions.BIAS),
                      match.constant(BatchNormConditions.MEAN),
                      match.constant(BatchNormConditions.VARIANCE),
                      0);
              define(match, build, step, WeightChannels.ofConv(match.constant(W).shape()));
            },
            BatchNormConditions.inference(),
            BatchNormConditions.wellDefined());
    isCaught(rule, "leaves the bound");
  }

  @Test
  void foldingAShiftThroughZeroPadding() {
    isCaught(without(FoldBatchNormBeforeConv.RULE, "conv does not pad"), "leaves the bound");
  }

  @Test
  void foldingIntoTheLastAxisOfAMatMulOfRank3() {
    RewriteRule rule =
        broken(
            batchNormOf(
                Patterns.op(StandardOps.MAT_MUL)
                    .singleUse()
                    .inputs(Patterns.any(X), Patterns.constant(W))),
            (match, build) -> {
              FoldedWeights folded =
                  new FoldedWeights(build, BatchNormConditions.step(match), match.constant(W), "w");
              Shape w = match.constant(W).shape();
              Value product =
                  build.call(
                      "product",
                      StandardOps.MAT_MUL,
                      Attributes.NONE,
                      match.get(X),
                      folded.weights(WeightChannels.ofMatrix(w, false)));
              build.define(
                  match.root().output(), StandardOps.ADD, Attributes.NONE, product, folded.bias(0));
            },
            BatchNormConditions.inference(),
            TypeConditions.rank(W, 2),
            Condition.soundness(
                "as many channels as columns",
                match ->
                    match.constant(BatchNormConditions.SCALE).elementCount()
                        == match.constant(W).shape().size(1)),
            BatchNormConditions.wellDefined());
    isCaught(rule, "leaves the bound");
  }

  @Test
  void erasingAReluWhereTheZeroPointIsOffTheMinimum() {
    Capture<Value> scale = Capture.ofValue("scale");
    Capture<Value> zero = Capture.ofValue("zero");
    RewriteRule rule =
        RewriteRule.named("broken")
            .match(
                Patterns.op(QuantOps.QUANTIZE_LINEAR)
                    .inputs(
                        Patterns.op(StandardOps.RELU).singleUse().input(0, X),
                        Patterns.constant(scale),
                        Patterns.constant(zero)))
            .replaceWith(
                (match, build) ->
                    build.define(
                        match.root().output(),
                        QuantOps.QUANTIZE_LINEAR,
                        match.root().attributes(),
                        match.get(X),
                        match.get(scale),
                        match.get(zero)))
            .within(ErrorContract.bitExact());
    isCaught(rule, "leaves the bound");
  }

  @Test
  void foldingANormalizationInTrainingMode() {
    isCaught(without(FoldBatchNormIntoConv.RULE, "norm is in inference mode"), "");
  }

  @Test
  void readingAFactorForEachColumnAsOneForEachChannel() {
    RewriteRule rule =
        broken(
            Patterns.op(StandardOps.MUL)
                .inputs(convolution(StandardOps.CONV), Patterns.constant(K))
                .commutative(),
            (match, build) ->
                define(
                    match,
                    build,
                    AffineStep.factor(match.constant(K).toDoubles()),
                    WeightChannels.ofConv(match.constant(W).shape())),
            TypeConditions.rank(K, 1),
            Condition.soundness(
                "one factor for each channel",
                match -> match.constant(K).elementCount() == match.constant(W).shape().size(0)));
    isCaught(rule, "");
  }

  @Test
  void movingANegativeGammaPastAMaxPool() {
    RewriteRule rule =
        broken(
            Patterns.op(StandardOps.MAX_POOL).input(0, batchNormOf(Patterns.any(X)).singleUse()),
            (match, build) -> {
              Node norm = match.get(NORM);
              Value pooled =
                  build.call(
                      "pooled", StandardOps.MAX_POOL, match.root().attributes(), match.get(X));
              build.define(
                  match.root().output(),
                  StandardOps.BATCH_NORMALIZATION,
                  norm.attributes(),
                  pooled,
                  norm.input(1),
                  norm.input(2),
                  norm.input(3),
                  norm.input(4));
            },
            BatchNormConditions.inference(),
            Condition.soundness(
                "only the values are asked for", match -> match.root().outputs().size() == 1),
            BatchNormConditions.wellDefined());
    isCaught(rule, "leaves the bound");
  }

  @Test
  void writingFoldedWeightsInTheTypeOfTheStatistics() {
    RewriteRule rule =
        broken(
            batchNormOf(convolution(StandardOps.CONV)),
            (match, build) -> {
              ElementType type = match.constant(BatchNormConditions.VARIANCE).elementType();
              Tensor w = match.constant(W);
              AffineStep step = BatchNormConditions.step(match);
              FoldedWeights folded =
                  new FoldedWeights(
                      build, step, Tensor.ofDoubles(type, w.shape(), w.toDoubles()), "w");
              build.define(
                  match.root().output(),
                  StandardOps.CONV,
                  match.get(CONV).attributes(),
                  match.get(X),
                  folded.weights(WeightChannels.ofConv(w.shape())),
                  folded.bias(orZeros(match.findConstant(B), step.channels())));
            },
            BatchNormConditions.inference(),
            BatchNormConditions.wellDefined());
    isCaught(rule, "cast one of them");
  }

  @Test
  void theRulesThatTheyAreCopiesOfAreSound() {
    for (RewriteRule rule :
        List.of(FoldBatchNormBeforeConv.RULE, FoldBatchNormIntoConv.RULE, FoldMulIntoConv.RULE)) {
      assertThat(Arrays.asList(rule.name(), RuleTester.of(rule).report(20).failures()))
          .containsExactly(rule.name(), List.of());
    }
  }
}
