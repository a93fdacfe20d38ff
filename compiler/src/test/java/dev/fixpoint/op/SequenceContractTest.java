package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.OpExample.Input;
import dev.fixpoint.op.standard.Attention;
import dev.fixpoint.op.standard.CausalConvWithState;
import dev.fixpoint.op.standard.Gru;
import dev.fixpoint.op.standard.Lstm;
import dev.fixpoint.op.standard.RotaryEmbedding;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What recurrent layers and attention promise, tried on drawn inputs. */
class SequenceContractTest {
  private static final Attribute<String> DIRECTION = Attribute.ofString("direction", "forward");
  private static final int DRAWS = 4;

  /** Share of a bound that has to be seen. */
  private static final double REACHED = 0.01;

  static List<OpExample> examples() {
    Attributes none = Attributes.NONE;
    Input rows = drawn(2, 2, 3, 4);
    Input angles = drawn(2, 3, 2);
    return List.of(
        example(StandardOps.ATTENTION, none, rows, rows, rows),
        example(StandardOps.ATTENTION, none.with(Attention.IS_CAUSAL, 1L), rows, rows, rows),
        example(StandardOps.ATTENTION, none, rows, rows, rows, null, rows, rows),
        example(StandardOps.ROTARY_EMBEDDING, none, drawn(2, 1, 3, 4), angles, angles),
        example(
            StandardOps.ROTARY_EMBEDDING,
            none.with(RotaryEmbedding.ROTARY_EMBEDDING_DIM, 4L),
            drawn(2, 1, 3, 6),
            angles,
            angles),
        example(StandardOps.RNN, none, drawn(3, 2, 2), drawn(1, 3, 2), drawn(1, 3, 3)),
        example(StandardOps.GRU, none, drawn(3, 2, 2), drawn(1, 9, 2), drawn(1, 9, 3)),
        example(
            StandardOps.GRU,
            none,
            drawn(3, 2, 2),
            drawn(1, 9, 2),
            drawn(1, 9, 3),
            drawn(1, 18),
            null,
            drawn(1, 2, 3)),
        example(
            StandardOps.GRU,
            none.with(Gru.LINEAR_BEFORE_RESET, 1L),
            drawn(3, 2, 2),
            drawn(1, 9, 2),
            drawn(1, 9, 3),
            drawn(1, 18)),
        example(
            StandardOps.RNN,
            none.with(DIRECTION, "bidirectional"),
            drawn(3, 2, 2),
            drawn(2, 3, 2),
            drawn(2, 3, 3)),
        example(StandardOps.LSTM, none, drawn(3, 2, 2), drawn(1, 12, 2), drawn(1, 12, 3)),
        example(
            StandardOps.LSTM,
            none,
            drawn(3, 2, 2),
            drawn(1, 12, 2),
            drawn(1, 12, 3),
            drawn(1, 24),
            null,
            drawn(1, 2, 3),
            drawn(1, 2, 3),
            drawn(1, 9)),
        example(
            StandardOps.LSTM,
            none.with(Lstm.INPUT_FORGET, 1L),
            drawn(3, 2, 2),
            drawn(1, 12, 2),
            drawn(1, 12, 3)),
        example(StandardOps.CAUSAL_CONV_WITH_STATE, none, drawn(2, 3, 5), drawn(3, 1, 3)),
        example(
            StandardOps.CAUSAL_CONV_WITH_STATE,
            none.with(CausalConvWithState.ACTIVATION, "silu"),
            drawn(2, 3, 5),
            drawn(3, 1, 3),
            drawn(3),
            drawn(2, 3, 2)));
  }

  private static Input drawn(long... sizes) {
    return new Input.Drawn(ElementType.FLOAT, Shape.of(sizes), -2, 3);
  }

  private static OpExample example(
      OpDefinition op, Attributes attributes, @Nullable Input... inputs) {
    return new OpExample(op, attributes, Arrays.asList(inputs));
  }

  private static void forEachTrial(OpExample example, Consumer<OpTrial> check) {
    Random random = new Random(example.toString().hashCode());
    for (int draw = 0; draw < DRAWS; draw++) {
      for (OpTrial.Detail detail : OpTrial.Detail.values()) {
        check.accept(OpTrial.draw(example, detail, random));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void inferredTypesAreThoseOfResults(OpExample example) {
    forEachTrial(
        example,
        trial ->
            assertThat(example.op().inferTypes(trial.analysed()).getFirst())
                .isEqualTo(example.op().evaluate(trial.call()).getFirst().type()));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void resultsLieInTransferredRanges(OpExample example) {
    forEachTrial(
        example,
        trial -> {
          Tensor result = example.op().evaluate(trial.call()).getFirst();
          Range range = example.op().rangeTransfer(trial.analysed(), trial.ranges()).getFirst();
          assertThat(range.isBounded()).isTrue();
          assertThat(range.contains(result)).as("%s in %s: %s", result, range, trial).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void movedInputsMoveResultsByAtMostTheTransferredError(OpExample example) {
    forEachTrial(
        example,
        trial -> {
          ErrorBound error =
              example
                  .op()
                  .errorTransfer(trial.analysed(), trial.ranges(), trial.errors())
                  .getFirst();
          boolean isMoved = !trial.movedCall().tensor(0).equals(trial.call().tensor(0));
          assertThat(error instanceof ErrorBound.Exact && isMoved).as("%s", trial).isFalse();
          assertThat(error.isBounded()).as("%s: %s", error, trial).isTrue();
          Verdict verdict =
              error.check(
                  example.op().evaluate(trial.call()).getFirst(),
                  example.op().evaluate(trial.movedCall()).getFirst());
          assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aHundredthOfTheTransferredErrorIsReached(OpExample example) {
    List<Double> ratios = new ArrayList<>();
    forEachTrial(
        example,
        trial ->
            ratios.add(
                example
                    .op()
                    .errorTransfer(trial.analysed(), trial.ranges(), trial.errors())
                    .getFirst()
                    .check(
                        example.op().evaluate(trial.call()).getFirst(),
                        example.op().evaluate(trial.movedCall()).getFirst())
                    .ratio()));
    assertThat(Collections.max(ratios)).isGreaterThanOrEqualTo(REACHED);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void localErrorHoldsTheDistanceToTheResultInDouble(OpExample example) {
    forEachTrial(
        example,
        trial -> {
          ErrorBound bound =
              example
                  .op()
                  .localError(trial.analysed(), trial.ranges())
                  .getFirst()
                  .plus(example.op().localError(trial.callInDouble(), trial.ranges()).getFirst());
          assertThat(bound.isBounded()).as("%s: %s", bound, trial).isTrue();
          Tensor result = example.op().evaluate(trial.call()).getFirst();
          Tensor real = example.op().evaluate(trial.callInDouble()).getFirst();
          Tensor stored = Tensor.ofDoubles(ElementType.DOUBLE, result.shape(), result.toDoubles());
          Verdict verdict = bound.check(real, stored);
          assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
        });
  }
}
