package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong transfer functions, which the properties of {@link OpContractTest} must find out. */
class TransferMutationTest {
  private static final int DRAWS = 6;

  /** Operators of sums and products, whose transfers have a term for each operand. */
  static Stream<OpDefinition> sums() {
    return Stream.of(
        StandardOps.ADD,
        StandardOps.SUB,
        StandardOps.SUM,
        StandardOps.MUL,
        StandardOps.GEMM,
        StandardOps.FUSED_GEMM,
        StandardOps.MAT_MUL,
        StandardOps.FUSED_MAT_MUL,
        StandardOps.CONV,
        StandardOps.CONV_TRANSPOSE,
        StandardOps.FUSED_CONV);
  }

  private static List<OpExample> examples(OpDefinition op) {
    return SpatialExamples.operators().anyMatch(spatial -> spatial == op)
        ? SpatialExamples.of(op)
        : OpExamples.of(op);
  }

  private static Stream<OpTrial> trials(OpDefinition op) {
    Random random = new Random(op.id().hashCode());
    return examples(op).stream()
        .filter(example -> example.inputs().size() > 1)
        .flatMap(
            example ->
                Stream.generate(() -> OpTrial.draw(example, OpTrial.Detail.ELEMENT, random))
                    .limit(DRAWS));
  }

  /** Whether some trial shows that a bound on how far results move is too small. */
  private static boolean isCaught(OpDefinition op, Mutation mutation) {
    return trials(op)
        .anyMatch(
            trial -> {
              ErrorBound bound = mutation.bound(op, trial);
              Tensor result = op.evaluate(trial.call()).getFirst();
              Tensor moved = op.evaluate(trial.movedCall()).getFirst();
              return bound.isBounded() && !bound.check(result, moved).holds();
            });
  }

  /** A wrong error transfer. */
  private interface Mutation {
    ErrorBound bound(OpDefinition op, OpTrial trial);
  }

  @ParameterizedTest
  @MethodSource("sums")
  void aTransferAsItIsHolds(OpDefinition op) {
    assertThat(isCaught(op, TransferMutationTest::transferred)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("sums")
  void aDroppedTermIsCaught(OpDefinition op) {
    for (int dropped = 0; dropped < 2; dropped++) {
      int input = dropped;
      assertThat(
              isCaught(
                  op,
                  (each, trial) -> {
                    List<ErrorBound> errors = new ArrayList<>(trial.errors());
                    errors.set(input, ErrorBound.EXACT);
                    return each.errorTransfer(trial.analysed(), trial.ranges(), errors).getFirst();
                  }))
          .as("without the term of input %s", input)
          .isTrue();
    }
  }

  /** The Euclidean norm of the terms of both operands in place of their sum. */
  @ParameterizedTest
  @MethodSource("sums")
  void anotherNormIsCaught(OpDefinition op) {
    assertThat(
            isCaught(
                op,
                (each, trial) -> {
                  ErrorBound left = without(each, trial, 1);
                  ErrorBound right = without(each, trial, 0);
                  return euclidean(left, right);
                }))
        .isTrue();
  }

  private static ErrorBound euclidean(ErrorBound left, ErrorBound right) {
    double[] a = left.allowances();
    double[] b = right.allowances();
    double[] norm = new double[Math.max(a.length, b.length)];
    for (int i = 0; i < norm.length; i++) {
      norm[i] = Math.hypot(a[i % a.length], b[i % b.length]);
    }
    return norm.length == 1 ? ErrorBound.uniform(norm[0]) : ErrorBound.perElement(norm);
  }

  private static ErrorBound without(OpDefinition op, OpTrial trial, int input) {
    List<ErrorBound> errors = new ArrayList<>(trial.errors());
    errors.set(input, ErrorBound.EXACT);
    return op.errorTransfer(trial.analysed(), trial.ranges(), errors).getFirst();
  }

  private static ErrorBound transferred(OpDefinition op, OpTrial trial) {
    return op.errorTransfer(trial.analysed(), trial.ranges(), trial.errors()).getFirst();
  }

  @ParameterizedTest
  @MethodSource("sums")
  void roundingInwardIsCaught(OpDefinition op) {
    boolean caught =
        trials(op)
            .anyMatch(
                trial -> {
                  Tensor result = op.evaluate(trial.call()).getFirst();
                  Range range = op.rangeTransfer(trial.analysed(), points(trial)).getFirst();
                  for (int i = 0; i < result.elementCount(); i++) {
                    Interval interval = range.at(i, result.shape());
                    double inward = Math.ulp((float) interval.magnitude());
                    double value = result.doubleAt(i);
                    if (value < interval.low() + inward || value > interval.high() - inward) {
                      return true;
                    }
                  }
                  return false;
                });
    assertThat(caught).isTrue();
  }

  /** Ranges of which each holds the one number that an input is. */
  private static List<@Nullable Range> points(OpTrial trial) {
    OpCall call = trial.call();
    List<@Nullable Range> points = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      points.add(call.hasInput(i) ? Range.ofTensor(call.tensor(i)) : null);
    }
    return points;
  }

  @Test
  void sumsHaveExamplesWithMovedOperands() {
    assertThat(sums()).allSatisfy(op -> assertThat(trials(op)).isNotEmpty());
  }
}
