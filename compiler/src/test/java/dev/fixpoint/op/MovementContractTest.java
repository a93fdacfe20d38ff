package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.standard.ScatterElements;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators that move elements promise, tried on drawn data. */
class MovementContractTest {
  private static final int DRAWS = 4;

  static List<OpExample> examples() {
    return MovementExamples.all();
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
        trial -> {
          TensorType type = example.op().evaluate(trial.call()).getFirst().type();
          assertThat(example.op().inferTypes(trial.call()).getFirst()).isEqualTo(type);
          assertThat(example.op().inferTypes(trial.analysed()).getFirst()).isEqualTo(type);
        });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void symbolicTypesNameTheSizesOfResults(OpExample example) {
    OpTrial trial = OpTrial.draw(example, OpTrial.Detail.UNIFORM, new Random(1));
    Shape shape = example.op().evaluate(trial.call()).getFirst().shape();
    OpCall call = trial.call();
    for (int axis = 0; axis < call.type(0).shape().rank(); axis++) {
      Dimension symbol = Dimension.of("N");
      OpCall symbolic = withShape(call, call.type(0).shape().with(axis, symbol));
      Shape inferred = example.op().inferTypes(symbolic).getFirst().shape();
      long size = call.type(0).shape().size(axis);
      if (inferred.isRanked()) {
        Shape known = Shape.of(inferred.dimensions().stream().map(d -> at(d, size)).toList());
        assertThat(known.isCompatibleWith(shape)).as("%s for %s", inferred, shape).isTrue();
      }
    }
  }

  private static OpCall withShape(OpCall call, Shape shape) {
    List<TensorType> types = new ArrayList<>();
    List<Tensor> constants = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      types.add(call.hasInput(i) ? call.type(i) : null);
      constants.add(i == 0 ? null : call.constant(i));
    }
    types.set(0, call.type(0).withShape(shape));
    return OpCall.of(call.attributes(), types, constants, List.of(), call.outputCount());
  }

  /** The size of a dimension that is a number, an expression of N, or unknown. */
  private static Dimension at(Dimension dimension, long size) {
    if (!(dimension instanceof Dimension.Symbolic symbolic)) {
      return dimension;
    }
    long sum = 0;
    for (String term : symbolic.name().split(" \\+ ")) {
      long product = 1;
      for (String factor : term.split("\\*")) {
        product *= factor.equals("N") ? size : Long.parseLong(factor);
      }
      sum += product;
    }
    return Dimension.of(sum);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void resultsLieInTransferredRanges(OpExample example) {
    forEachTrial(
        example,
        trial -> {
          Tensor result = example.op().evaluate(trial.call()).getFirst();
          Range range = example.op().rangeTransfer(trial.analysed(), trial.ranges()).getFirst();
          assertThat(range.contains(result)).as("%s in %s: %s", result, range, trial).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void movedDataMoveResultsByAtMostTheTransferredError(OpExample example) {
    boolean multiplies = "mul".equals(example.attributes().find(ScatterElements.REDUCTION));
    forEachTrial(
        example,
        trial -> {
          ErrorBound error =
              example
                  .op()
                  .errorTransfer(trial.analysed(), trial.ranges(), trial.errors())
                  .getFirst();
          assertThat(error.isBounded() || multiplies).as("%s: %s", error, trial).isTrue();
          if (error.isBounded()) {
            Tensor result = example.op().evaluate(trial.call()).getFirst();
            Tensor moved = example.op().evaluate(trial.movedCall()).getFirst();
            Verdict verdict = error.check(result, moved);
            assertThat(verdict.holds()).as("%s: %s", verdict, trial).isTrue();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void exactInputsGiveExactResults(OpExample example) {
    forEachTrial(
        example,
        trial -> {
          List<ErrorBound> exact = trial.errors().stream().map(_ -> ErrorBound.EXACT).toList();
          assertThat(example.op().errorTransfer(trial.analysed(), trial.ranges(), exact).getFirst())
              .isEqualTo(ErrorBound.EXACT);
        });
  }
}
