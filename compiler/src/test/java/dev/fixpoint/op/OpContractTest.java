package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every definition promises, tried on drawn calls of every operator that has examples. */
class OpContractTest {
  private static final int DRAWS = 3;

  /** Share of a bound that differences of outputs have to reach somewhere. */
  private static final double TIGHT = 1e-2;

  /**
   * Operators of whose outputs nothing is promised once inputs differ, and those whose outputs do
   * not differ while inputs are finite.
   */
  private static final Set<OpDefinition> WITHOUT_TRANSFER =
      Set.of(StandardOps.BIT_CAST, StandardOps.IS_INF, StandardOps.IS_NAN);

  static Stream<OpDefinition> operators() {
    return OpExamples.operators();
  }

  private static void forEachTrial(OpDefinition op, Consumer<OpTrial> check) {
    Random random = new Random(op.id().hashCode());
    for (OpExample example : OpExamples.of(op)) {
      for (int draw = 0; draw < DRAWS; draw++) {
        for (OpTrial.Detail detail : OpTrial.Detail.values()) {
          OpTrial trial = OpTrial.draw(example, detail, random);
          if (isDefined(op, trial.call()) && isDefined(op, trial.movedCall())) {
            check.accept(trial);
          }
        }
      }
    }
  }

  /** Integers have no quotient by zero, which is an exception. */
  private static boolean isDefined(OpDefinition op, OpCall call) {
    try {
      return !op.evaluate(call).isEmpty();
    } catch (ArithmeticException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("operators")
  void inferredTypesAreThoseOfResults(OpDefinition op) {
    forEachTrial(
        op,
        trial -> {
          Tensor result = op.evaluate(trial.call()).getFirst();
          assertThat(op.inferTypes(trial.call())).containsExactly(result.type());
          assertThat(op.inferTypes(trial.analysed()).getFirst().isCompatibleWith(result.type()))
              .as("%s", trial)
              .isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("operators")
  void resultsLieInTransferredRanges(OpDefinition op) {
    forEachTrial(
        op,
        trial -> {
          Tensor result = op.evaluate(trial.call()).getFirst();
          Range range = op.rangeTransfer(trial.analysed(), trial.ranges()).getFirst();
          double[] values = result.toDoubles();
          for (int i = 0; i < values.length; i++) {
            Interval interval = range.at(i, result.shape());
            boolean holds =
                Double.isNaN(values[i])
                    ? interval.equals(Interval.ALL)
                    : interval.contains(values[i]);
            assertThat(holds).as("%s in %s: %s", values[i], interval, trial).isTrue();
          }
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
          if (error.isBounded()) {
            Tensor result = op.evaluate(trial.call()).getFirst();
            Verdict verdict = error.check(result, op.evaluate(trial.movedCall()).getFirst());
            assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
            tightest[0] = Math.max(tightest[0], verdict.ratio());
          }
        });
    assertThat(tightest[0] >= TIGHT || WITHOUT_TRANSFER.contains(op))
        .as("the bound is reached up to %s only", tightest[0])
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void exactInputsGiveExactResults(OpDefinition op) {
    forEachTrial(
        op,
        trial -> {
          List<ErrorBound> exact = trial.errors().stream().map(_ -> ErrorBound.EXACT).toList();
          assertThat(op.errorTransfer(trial.analysed(), trial.ranges(), exact).getFirst())
              .as("%s", trial)
              .isEqualTo(ErrorBound.EXACT);
        });
  }

  /** Double stands for the reals: it is off by its own local error. */
  @ParameterizedTest
  @MethodSource("operators")
  void localErrorHoldsTheDistanceToTheResultInDouble(OpDefinition op) {
    forEachTrial(
        op,
        trial -> {
          Tensor result = op.evaluate(trial.call()).getFirst();
          OpCall exact = trial.callInDouble();
          if (!result.elementType().isFloat()
              || result.elementType() == ElementType.DOUBLE
              || op == StandardOps.CAST
              || op == StandardOps.CAST_LIKE) {
            return;
          }
          ErrorBound bound =
              op.localError(trial.analysed(), trial.ranges())
                  .getFirst()
                  .plus(op.localError(exact, trial.ranges()).getFirst());
          if (bound.isBounded()) {
            Tensor real = op.evaluate(exact).getFirst();
            Tensor stored =
                Tensor.ofDoubles(ElementType.DOUBLE, result.shape(), result.toDoubles());
            Verdict verdict = bound.check(real, stored);
            assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
          }
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
            Verdict verdict = bound.check(results.getFirst(), results.getFirst());
            assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
            bounded[0] = true;
          }
        });
    assertThat(bounded[0]).as("bounded at least once").isTrue();
  }
}
