package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of recurrent layers that must give the same bits as others. */
class RecurrentTest {
  private static final Attributes NONE = Attributes.NONE;
  private static final int STEPS = 4;
  private static final int BATCH = 2;
  private static final int INPUTS = 3;
  private static final int HIDDEN = 2;

  private static Tensor drawn(int seed, long... sizes) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  private static OpDefinition layer(int gates) {
    return switch (gates) {
      case 1 -> StandardOps.RNN;
      case 3 -> StandardOps.GRU;
      default -> StandardOps.LSTM;
    };
  }

  private static @Nullable Tensor[] inputs(int gates, int directions, @Nullable Tensor lengths) {
    return new Tensor[] {
      drawn(1, STEPS, BATCH, INPUTS),
      drawn(2, directions, gates * HIDDEN, INPUTS),
      drawn(3, directions, gates * HIDDEN, HIDDEN),
      drawn(4, directions, 2 * gates * HIDDEN),
      lengths,
      drawn(5, directions, BATCH, HIDDEN)
    };
  }

  private static List<Tensor> run(int gates, Attributes attributes, @Nullable Tensor... inputs) {
    return Calls.evaluate(layer(gates), attributes, gates == 4 ? 3 : 2, inputs);
  }

  private static Tensor transposed(Tensor x, Long... perm) {
    return Calls.evaluate(new Transpose(), NONE.with(Transpose.PERM, List.of(perm)), x);
  }

  private static Tensor reversed(Tensor x) {
    return Calls.evaluate(
        new Slice(),
        NONE,
        x,
        Tensor.vector(-1),
        Tensor.vector(Long.MIN_VALUE),
        Tensor.vector(0),
        Tensor.vector(-1));
  }

  private static Tensor direction(Tensor x, int axis, int index) {
    return Calls.evaluate(
        new Gather(), NONE.with(Gather.AXIS, (long) axis), x, Tensor.vector(index));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void theReverseLayerIsTheForwardOneOnReversedSequences(int gates) {
    Tensor[] inputs = inputs(gates, 1, null);
    List<Tensor> reverse = run(gates, NONE.with(RecurrentOperator.DIRECTION, "reverse"), inputs);
    Tensor[] turned = inputs.clone();
    turned[0] = reversed(inputs[0]);
    List<Tensor> forward = run(gates, NONE, turned);
    assertThat(reversed(reverse.get(0))).isEqualTo(forward.get(0));
    assertThat(reverse.get(1)).isEqualTo(forward.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void aBidirectionalLayerIsOneOfEachDirection(int gates) {
    Tensor[] both = inputs(gates, 2, null);
    List<Tensor> results =
        run(gates, NONE.with(RecurrentOperator.DIRECTION, "bidirectional"), both);
    for (int d = 0; d < 2; d++) {
      Tensor[] one = both.clone();
      for (int i : new int[] {1, 2, 3, 5}) {
        one[i] = direction(both[i], 0, d);
      }
      var attributes = NONE.with(RecurrentOperator.DIRECTION, d == 0 ? "forward" : "reverse");
      List<Tensor> single = run(gates, attributes, one);
      assertThat(direction(results.get(0), 1, d)).isEqualTo(single.get(0));
      assertThat(direction(results.get(1), 0, d)).isEqualTo(single.get(1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void theBatchMayComeFirst(int gates) {
    Tensor[] inputs = inputs(gates, 1, null);
    List<Tensor> timeFirst = run(gates, NONE, inputs);
    Tensor[] swapped = inputs.clone();
    swapped[0] = transposed(inputs[0], 1L, 0L, 2L);
    swapped[5] = transposed(inputs[5], 1L, 0L, 2L);
    List<Tensor> batchFirst = run(gates, NONE.with(RecurrentOperator.LAYOUT, 1L), swapped);
    assertThat(transposed(batchFirst.get(0), 1L, 2L, 0L, 3L)).isEqualTo(timeFirst.get(0));
    assertThat(transposed(batchFirst.get(1), 1L, 0L, 2L)).isEqualTo(timeFirst.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void shortSequencesEndInZerosAndKeepTheirLastState(int gates) {
    Tensor lengths = Tensor.ofLongs(ElementType.INT32, Shape.of(BATCH), STEPS, 2);
    Tensor[] inputs = inputs(gates, 1, lengths);
    List<Tensor> results = run(gates, NONE, inputs);
    for (int j = 0; j < HIDDEN; j++) {
      assertThat(results.get(0).get(2, 0, 1, j)).isZero();
      assertThat(results.get(1).get(0, 1, j)).isEqualTo(results.get(0).get(1, 0, 1, j));
      assertThat(results.get(1).get(0, 0, j)).isEqualTo(results.get(0).get(STEPS - 1, 0, 0, j));
    }
    inputs[4] = Tensor.ofLongs(ElementType.INT32, Shape.of(BATCH), STEPS + 1, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> run(gates, NONE, inputs));
  }

  @Test
  void argumentsOfActivationsAreClipped() {
    Tensor[] inputs = inputs(1, 1, null);
    var attributes =
        NONE.with(RecurrentOperator.CLIP, 0.25f)
            .with(RecurrentOperator.ACTIVATIONS, List.of("Affine"))
            .with(RecurrentOperator.ACTIVATION_ALPHA, List.of(2f))
            .with(RecurrentOperator.ACTIVATION_BETA, List.of(1f));
    float[] all = run(1, attributes, inputs).getFirst().toFloats();
    for (float y : all) {
      assertThat(y).isBetween(0.5f, 1.5f);
    }
    assertThat(all).contains(0.5f, 1.5f);
  }

  @Test
  void aForgetGateTiedToTheInputGateMixes() {
    // With gates of one half, c' = c / 2 + tanh(g) / 2, from no weights but a bias of the
    // candidate.
    float bias = 0.75f;
    Tensor[] inputs = {
      drawn(1, 1, 1, 1),
      Tensor.filled(ElementType.FLOAT, Shape.of(1, 4, 1), 0),
      Tensor.filled(ElementType.FLOAT, Shape.of(1, 4, 1), 0),
      Tensor.ofFloats(Shape.of(1, 8), 0, 0, 0, bias, 0, 0, 0, 0),
      null,
      null,
      Tensor.ofFloats(Shape.of(1, 1, 1), 3)
    };
    var attributes = NONE.with(Lstm.INPUT_FORGET, 1L);
    Tensor cell = run(4, attributes, inputs).get(2);
    assertThat(cell.toFloats()).containsExactly((float) (1.5 + 0.5 * Math.tanh(bias)));
  }
}
