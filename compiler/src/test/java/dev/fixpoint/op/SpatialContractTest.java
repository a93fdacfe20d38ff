package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What convolutions, pools, products, normalizations and interpolations promise, tried on drawn
 * calls in every float type.
 */
class SpatialContractTest {
  private static final int DRAWS = 4;

  /** Share of a bound that differences of outputs have to reach somewhere. */
  private static final double TIGHT = 1e-2;

  static Stream<OpDefinition> operators() {
    return SpatialExamples.operators();
  }

  private static void forEachTrial(OpDefinition op, Consumer<OpTrial> check) {
    Random random = new Random(op.id().hashCode());
    for (OpExample example : SpatialExamples.of(op)) {
      for (int draw = 0; draw < DRAWS; draw++) {
        for (OpTrial.Detail detail : OpTrial.Detail.values()) {
          check.accept(OpTrial.draw(example, detail, random));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operators")
  void resultsHaveTheInferredTypeAndLieInTransferredRanges(OpDefinition op) {
    forEachTrial(
        op,
        trial -> {
          Tensor result = op.evaluate(trial.call()).getFirst();
          assertThat(op.inferTypes(trial.call())).containsExactly(result.type());
          Range range = op.rangeTransfer(trial.analysed(), trial.ranges()).getFirst();
          assertThat(range.isBounded()).as("%s", trial).isTrue();
          assertThat(range.contains(result)).as("%s in %s: %s", result, range, trial).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("operators")
  void movedInputsMoveResultsByAtMostTheTransferredError(OpDefinition op) {
    double[] tightest = {0};
    forEachTrial(
        op,
        trial -> {
          ErrorBound error =
              op.errorTransfer(trial.analysed(), trial.ranges(), trial.errors()).getFirst();
          assertThat(error.isBounded()).as("%s: %s", error, trial).isTrue();
          Tensor result = op.evaluate(trial.call()).getFirst();
          Verdict verdict = error.check(result, op.evaluate(trial.movedCall()).getFirst());
          assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
          tightest[0] = Math.max(tightest[0], verdict.ratio());
          List<ErrorBound> exact = trial.errors().stream().map(_ -> ErrorBound.EXACT).toList();
          assertThat(op.errorTransfer(trial.analysed(), trial.ranges(), exact).getFirst())
              .as("%s", trial)
              .isEqualTo(ErrorBound.EXACT);
        });
    assertThat(tightest[0]).as("share of the bound that is reached").isGreaterThan(TIGHT);
  }

  /** Double stands for the reals: it is off by its own local error. */
  @ParameterizedTest
  @MethodSource("operators")
  void localErrorHoldsTheDistanceToTheResultInDouble(OpDefinition op) {
    forEachTrial(
        op,
        trial -> {
          Tensor result = op.evaluate(trial.call()).getFirst();
          Tensor real = op.evaluate(trial.callInDouble()).getFirst();
          ErrorBound bound =
              op.localError(trial.analysed(), trial.ranges())
                  .getFirst()
                  .plus(op.localError(trial.callInDouble(), trial.ranges()).getFirst());
          Tensor stored = Tensor.ofDoubles(ElementType.DOUBLE, result.shape(), result.toDoubles());
          Verdict verdict = bound.check(real, stored);
          assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("operators")
  void machinesAreAllowedTheReferenceItself(OpDefinition op) {
    boolean[] bounded = {false};
    forEachTrial(
        op,
        trial -> {
          List<Tensor> results = op.evaluate(trial.call());
          ErrorBound bound = op.machineError(trial.call(), results).getFirst();
          if (bound.isBounded()) {
            bounded[0] = true;
            assertThat(bound.check(results.getFirst(), results.getFirst()).holds()).isTrue();
          }
        });
    assertThat(bounded[0] || op.equals(StandardOps.DEFORM_CONV)).isTrue();
  }
}
