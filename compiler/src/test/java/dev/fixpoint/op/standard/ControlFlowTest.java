package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ControlFlowTest {
  private static final TensorType SCALAR = new TensorType(ElementType.INT64, Shape.SCALAR);
  private static final TensorType TRUTH = new TensorType(ElementType.BOOL, Shape.SCALAR);

  /** A subgraph written in Java. */
  private record JavaBody(
      List<TensorType> outputTypes, Function<List<Tensor>, List<Tensor>> function) implements Body {
    @Override
    public List<TensorType> inputTypes() {
      return List.of();
    }

    @Override
    public List<Tensor> evaluate(List<Tensor> inputs) {
      return function.apply(inputs);
    }
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, value);
  }

  private static Tensor truth(boolean value) {
    return Tensor.ofLongs(ElementType.BOOL, Shape.SCALAR, value ? 1 : 0);
  }

  /** Adds the iteration number to the sum, goes on while it is small, and shows it. */
  private static Body summing(long limit) {
    return new JavaBody(
        List.of(TRUTH, SCALAR, SCALAR),
        inputs -> {
          Tensor sum = number(inputs.get(2).longAt(0) + inputs.get(0).longAt(0));
          return List.of(truth(sum.longAt(0) < limit), sum, sum);
        });
  }

  @Test
  void aLoopCarriesItsStateAndStacksWhatItShows() {
    var attributes = Attributes.NONE.with(Loop.BODY, summing(100));
    List<Tensor> results =
        Calls.evaluate(new Loop(), attributes, 2, number(4), truth(true), number(10));
    assertThat(results.get(0)).isEqualTo(number(16));
    assertThat(results.get(1)).isEqualTo(Tensor.vector(10, 11, 13, 16));
  }

  @Test
  void aLoopEndsWhenItsConditionDoes() {
    var attributes = Attributes.NONE.with(Loop.BODY, summing(12));
    List<Tensor> results = Calls.evaluate(new Loop(), attributes, 2, null, null, number(10));
    assertThat(results.get(1)).isEqualTo(Tensor.vector(10, 11, 13));
  }

  @Test
  void aLoopThatNeverRunsGivesItsInitialState() {
    var attributes = Attributes.NONE.with(Loop.BODY, summing(12));
    List<Tensor> results =
        Calls.evaluate(new Loop(), attributes, 2, number(9), truth(false), number(10));
    assertThat(results.get(0)).isEqualTo(number(10));
    assertThat(results.get(1).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void aLoopWithoutEndIsRefused() {
    Body endless = new JavaBody(List.of(TRUTH), _ -> List.of(truth(true)));
    var attributes = Attributes.NONE.with(Loop.BODY, endless);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.evaluate(new Loop(), attributes, 0, null, null))
        .withMessageContaining("does not end");
  }

  @Test
  void aBranchIsChosenByTheCondition() {
    Body one = new JavaBody(List.of(SCALAR), _ -> List.of(number(1)));
    Body two = new JavaBody(List.of(SCALAR), _ -> List.of(number(2)));
    var attributes = Attributes.NONE.with(If.THEN_BRANCH, one).with(If.ELSE_BRANCH, two);
    assertThat(Calls.evaluate(new If(), attributes, truth(true))).isEqualTo(number(1));
    assertThat(Calls.evaluate(new If(), attributes, truth(false))).isEqualTo(number(2));
  }

  @Test
  void branchesOfDifferentSizesLeaveTheSizeOpen() {
    Body wide = new JavaBody(List.of(TensorType.of(ElementType.FLOAT, 2, 3)), _ -> List.of());
    Body tall = new JavaBody(List.of(TensorType.of(ElementType.FLOAT, 2, 5)), _ -> List.of());
    var attributes = Attributes.NONE.with(If.THEN_BRANCH, wide).with(If.ELSE_BRANCH, tall);
    OpCall call = OpCall.of(attributes, List.of(TRUTH), Arrays.asList((Tensor) null), List.of(), 1);
    assertThat(new If().inferTypes(call).getFirst().toString()).isEqualTo("float[2,?]");
  }

  @Test
  void aScanReadsAndWritesInEitherDirection() {
    Body adding =
        new JavaBody(
            List.of(SCALAR, SCALAR),
            inputs -> {
              Tensor sum = number(inputs.get(0).longAt(0) + inputs.get(1).longAt(0));
              return List.of(sum, sum);
            });
    var attributes =
        Attributes.NONE
            .with(Scan.BODY, adding)
            .with(Scan.NUM_SCAN_INPUTS, 1L)
            .with(Scan.INPUT_DIRECTIONS, List.of(1L))
            .with(Scan.OUTPUT_DIRECTIONS, List.of(1L));
    List<Tensor> results =
        Calls.evaluate(new Scan(), attributes, 2, number(100), Tensor.vector(1, 2, 3));
    assertThat(results.get(0)).isEqualTo(number(106));
    assertThat(results.get(1)).isEqualTo(Tensor.vector(106, 105, 103));
  }
}
