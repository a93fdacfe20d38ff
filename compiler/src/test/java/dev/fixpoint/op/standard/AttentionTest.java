package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls of Attention that must give the same bits as others, as the same sums are formed. */
class AttentionTest {
  private static final Attributes NONE = Attributes.NONE;

  private static Tensor drawn(int seed, long... sizes) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  private static Tensor attention(Attributes attributes, @Nullable Tensor... inputs) {
    return Calls.evaluate(new Attention(), attributes, inputs);
  }

  @Test
  void headsInTheLastAxisAreHeadsInTheSecond() {
    Tensor q = drawn(1, 2, 3, 8);
    Tensor k = drawn(2, 2, 5, 4);
    Tensor v = drawn(3, 2, 5, 6);
    var attributes = NONE.with(Attention.Q_NUM_HEADS, 4L).with(Attention.KV_NUM_HEADS, 2L);
    Tensor flat = attention(attributes, q, k, v);
    Tensor split = attention(NONE, split(q, 4), split(k, 2), split(v, 2));
    assertThat(split(flat, 4)).isEqualTo(split);
  }

  /** From [batch, sequence, heads · size] to [batch, heads, sequence, size]. */
  private static Tensor split(Tensor x, long heads) {
    Shape shape = x.shape();
    Tensor viewed =
        x.reshaped(Shape.of(shape.size(0), shape.size(1), heads, shape.size(2) / heads));
    var perm = NONE.with(Transpose.PERM, List.of(0L, 2L, 1L, 3L));
    return Calls.evaluate(new Transpose(), perm, viewed);
  }

  @Test
  void eachKeyHeadServesItsGroupOfQueryHeads() {
    Tensor q = drawn(1, 1, 4, 3, 2);
    Tensor k = drawn(2, 1, 2, 5, 2);
    Tensor v = drawn(3, 1, 2, 5, 2);
    var twice = NONE.with(Gather.AXIS, 1L);
    Tensor indices = Tensor.vector(0, 0, 1, 1);
    Tensor repeatedK = Calls.evaluate(new Gather(), twice, k, indices);
    Tensor repeatedV = Calls.evaluate(new Gather(), twice, v, indices);
    assertThat(attention(NONE, q, k, v)).isEqualTo(attention(NONE, q, repeatedK, repeatedV));
  }

  @Test
  void pastKeysComeBeforeTheNewOnes() {
    Tensor q = drawn(1, 1, 2, 3, 2);
    Tensor k = drawn(2, 1, 2, 5, 2);
    Tensor v = drawn(3, 1, 2, 5, 2);
    List<Tensor> keys = halves(k);
    List<Tensor> values = halves(v);
    var causal = NONE.with(Attention.IS_CAUSAL, 1L);
    List<Tensor> results =
        Calls.evaluate(
            new Attention(),
            causal,
            3,
            q,
            keys.get(1),
            values.get(1),
            null,
            keys.get(0),
            values.get(0));
    assertThat(results.get(1)).isEqualTo(k);
    assertThat(results.get(2)).isEqualTo(v);
    // Three queries at places 2, 3 and 4 of five keys.
    Tensor mask =
        Tensor.ofLongs(
            ElementType.BOOL, Shape.of(3, 5), 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1);
    assertThat(results.get(0)).isEqualTo(attention(NONE, q, k, v, mask));
  }

  /** The first two and the last three positions. */
  private static List<Tensor> halves(Tensor x) {
    return Calls.evaluate(new Split(), NONE.with(Split.AXIS, 2L), 2, x, Tensor.vector(2, 3));
  }

  @Test
  void aCausalQuerySeesNothingBehindItself() {
    Tensor q = drawn(1, 1, 1, 3, 2);
    Tensor k = drawn(2, 1, 1, 3, 2);
    Tensor v = drawn(3, 1, 1, 3, 2);
    Tensor y = attention(NONE.with(Attention.IS_CAUSAL, 1L), q, k, v);
    assertThat(y.get(0, 0, 0, 0)).isEqualTo(v.get(0, 0, 0, 0));
    assertThat(y.get(0, 0, 0, 1)).isEqualTo(v.get(0, 0, 0, 1));
  }

  @Test
  void aWindowOfNothingButItselfCopiesTheValues() {
    Tensor x = drawn(1, 1, 2, 4, 3);
    var alone = NONE.with(Attention.LEFT_WINDOW_SIZE, 0L).with(Attention.RIGHT_WINDOW_SIZE, 0L);
    assertThat(attention(alone, x, x, x)).isEqualTo(x);
  }

  @Test
  void aQueryThatMayAttendToNothingGetsZeros() {
    Tensor x = drawn(1, 1, 1, 2, 3);
    Tensor mask = Tensor.ofLongs(ElementType.BOOL, Shape.of(2, 2), 0, 0, 1, 0);
    Tensor y = attention(NONE, x, x, x, mask);
    assertThat(y.toFloats()).startsWith(0, 0, 0).endsWith(slice(x, 0, 3));
  }

  private static float[] slice(Tensor x, int from, int to) {
    return Arrays.copyOfRange(x.toFloats(), from, to);
  }

  @Test
  void keysBehindTheValidOnesDoNotCountEvenIfNotANumber() {
    Tensor q = drawn(1, 1, 1, 1, 1);
    Tensor k = Tensor.ofFloats(Shape.of(1, 1, 2, 1), 1, Float.NaN);
    Tensor v = Tensor.ofFloats(Shape.of(1, 1, 2, 1), 3, Float.NaN);
    Tensor y = attention(NONE, q, k, v, null, null, null, Tensor.vector(1));
    assertThat(y.toFloats()).containsExactly(3);
  }

  @Test
  void aRotationByARightAngleExchangesThePairs() {
    Tensor x = drawn(1, 1, 1, 2, 4);
    Tensor cosines = Tensor.ofFloats(Shape.of(2, 2), 1, 1, 0, 0);
    Tensor sines = Tensor.ofFloats(Shape.of(2, 2), 0, 0, 1, 1);
    Tensor positions = Tensor.ofLongs(ElementType.INT64, Shape.of(1, 2), 1, 0);
    float[] values = x.toFloats();
    assertThat(Calls.evaluate(new RotaryEmbedding(), NONE, x, cosines, sines, positions).toFloats())
        .containsExactly(
            -values[2],
            -values[3],
            values[0],
            values[1],
            values[4],
            values[5],
            values[6],
            values[7]);
    var interleaved = NONE.with(RotaryEmbedding.INTERLEAVED, 1L);
    assertThat(
            Calls.evaluate(new RotaryEmbedding(), interleaved, x, cosines, sines, positions)
                .toFloats())
        .startsWith(-values[1], values[0], -values[3], values[2]);
  }
}
