package dev.fixpoint.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The laws of observers, and what each is for. */
class ObserverTest {
  private static final ElementType BYTE = ElementType.UINT8;

  @Provide
  Arbitrary<Observer> mergeable() {
    return Arbitraries.of(
        MinMaxObserver.EMPTY,
        PercentileObserver.of(0.9),
        EntropyObserver.EMPTY,
        MseObserver.EMPTY,
        PerChannelObserver.of(MinMaxObserver.EMPTY, Shape.of(2, 3), 1),
        PerChannelObserver.of(PercentileObserver.of(0.9), Shape.of(2, 3), 1),
        PerChannelObserver.of(EntropyObserver.EMPTY, Shape.of(2, 3), 1),
        PerChannelObserver.of(MseObserver.EMPTY, Shape.of(2, 3), 1),
        ProfileObserver.of(MseObserver.EMPTY));
  }

  /** Numbers of very different sizes, with zeros, equal ones and tiny ones among them. */
  private static double[] numbers(Random random, int count) {
    double[] numbers = new double[count];
    double size = Math.scalb(1.0, random.nextInt(60) - 30);
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> size;
            case 2 -> Math.scalb(random.nextGaussian(), -random.nextInt(1040));
            case 3 -> (float) (random.nextGaussian() * size * 1000);
            default -> random.nextGaussian() * size;
          };
    }
    return numbers;
  }

  private static List<double[]> pieces(Random random, double[] numbers) {
    List<double[]> pieces = new ArrayList<>();
    int from = 0;
    while (from < numbers.length) {
      int to = Math.min(numbers.length, from + 6 * (1 + random.nextInt(4)));
      pieces.add(Arrays.copyOfRange(numbers, from, to));
      from = to;
    }
    return pieces;
  }

  @Property(tries = 200)
  void splittingTheDataNeverChangesTheResult(
      @ForAll("mergeable") Observer empty, @ForAll long seed) {
    Random random = new Random(seed);
    double[] numbers = numbers(random, 60);
    Observer whole = empty.observe(numbers);
    Observer streamed = empty;
    Observer merged = empty;
    for (double[] piece : pieces(random, numbers)) {
      streamed = streamed.observe(piece);
      merged = merged.merge(empty.observe(piece));
    }

    assertThat(streamed).isEqualTo(whole);
    assertThat(merged).isEqualTo(whole);
    assertThat(merged.range(BYTE)).isEqualTo(whole.range(BYTE));
  }

  @Property(tries = 200)
  void mergingIsAssociativeAndCommutative(@ForAll("mergeable") Observer empty, @ForAll long seed) {
    Random random = new Random(seed);
    Observer a = empty.observe(numbers(random, 12));
    Observer b = empty.observe(numbers(random, 18));
    Observer c = empty.observe(numbers(random, 6));

    assertThat(a.merge(b)).isEqualTo(b.merge(a));
    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
    assertThat(a.merge(empty)).isEqualTo(a);
  }

  @Property(tries = 200)
  void orderNeverMatters(@ForAll("mergeable") Observer empty, @ForAll long seed) {
    Random random = new Random(seed);
    List<double[]> pieces = pieces(random, numbers(random, 60));
    Observer forwards = empty;
    for (double[] piece : pieces) {
      forwards = forwards.observe(piece);
    }
    Collections.shuffle(pieces, random);
    Observer shuffled = empty;
    for (double[] piece : pieces) {
      shuffled = shuffled.observe(piece);
    }

    assertThat(shuffled).isEqualTo(forwards);
  }

  @Property(tries = 200)
  void proposedRangesLieWithinTheExtremes(@ForAll("mergeable") Observer empty, @ForAll long seed) {
    double[] numbers = numbers(new Random(seed), 60);
    Interval all = MinMaxObserver.EMPTY.observe(numbers).range(BYTE);

    assertThat(all.contains(empty.observe(numbers).range(BYTE))).isTrue();
  }

  @Test
  void nothingSeenIsAnEmptyRangeAroundZero() {
    assertThat(MinMaxObserver.EMPTY.range(BYTE)).isEqualTo(Interval.ZERO);
    assertThat(EntropyObserver.EMPTY.range(BYTE)).isEqualTo(Interval.ZERO);
    assertThat(MseObserver.EMPTY.range(BYTE)).isEqualTo(Interval.ZERO);
  }

  @Test
  void observersOfDifferentSettingsDoNotMerge() {
    assertThatThrownBy(() -> PercentileObserver.of(0.9).merge(PercentileObserver.of(0.8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MinMaxObserver.EMPTY.merge(MseObserver.EMPTY))
        .hasMessageContaining("cannot merge MinMaxObserver with MseObserver");
  }

  /** A normal distribution with one outlier a hundred times larger. */
  private static double[] withOutlier() {
    Random random = new Random(4);
    double[] numbers = new double[200_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextGaussian();
    }
    numbers[77] = 400;
    return numbers;
  }

  @Test
  void percentileEntropyAndSquaredErrorCutAnOutlierOff() {
    double[] numbers = withOutlier();

    assertThat(MinMaxObserver.EMPTY.observe(numbers).range(BYTE).high()).isEqualTo(400);
    assertThat(PercentileObserver.of(0.9999).observe(numbers).range(BYTE).high())
        .isBetween(3.0, 5.0);
    assertThat(EntropyObserver.EMPTY.observe(numbers).range(BYTE).high()).isLessThan(50);
    // At 15 levels a step of the whole range costs more than the outlier; at 255 it does not.
    Observer squared = MseObserver.EMPTY.observe(numbers);
    assertThat(squared.range(ElementType.UINT4).high()).isLessThan(50);
    assertThat(squared.range(BYTE).high()).isGreaterThan(200);
  }

  @Test
  void entropyChoosesAmongManyThresholds() {
    Random random = new Random(9);
    double[] numbers = new double[100_000];
    for (int i = 0; i < numbers.length; i++) {
      double u = random.nextDouble() - 0.5;
      numbers[i] = -Math.signum(u) * Math.log(1 - 2 * Math.abs(u));
    }
    Interval all = MinMaxObserver.EMPTY.observe(numbers).range(BYTE);
    Interval chosen = EntropyObserver.EMPTY.observe(numbers).range(BYTE);

    // The tails of a Laplace distribution are worth less than finer steps.
    assertThat(chosen.magnitude()).isLessThan(all.magnitude() * 0.9);
    assertThat(chosen.magnitude()).isGreaterThan(2);
  }

  @Test
  void squaredErrorKeepsAUniformRangeWhole() {
    double[] numbers = new double[10_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i / 10_000.0 - 0.25;
    }

    Interval range = MseObserver.EMPTY.observe(numbers).range(BYTE);

    assertThat(range).isEqualTo(MinMaxObserver.EMPTY.observe(numbers).range(BYTE));
  }

  @Test
  void aPercentileIsThatOfAllDataAndNotAMeanOverBatches() {
    PercentileObserver half = PercentileObserver.of(0.5);
    double[] low = new double[90];
    double[] high = new double[10];
    Arrays.fill(low, 1);
    Arrays.fill(high, 100);

    Interval range = half.observe(low).observe(high).range(BYTE);

    assertThat(range.low()).isEqualTo(1);
    assertThat(range.high()).isLessThan(1.1);
  }

  @Test
  void channelsAreObservedOnTheirOwn() {
    PerChannelObserver observer =
        PerChannelObserver.of(MinMaxObserver.EMPTY, Shape.of(2, 2, 2), 1)
            .observe(new double[] {1, 2, 10, 20, 3, 4, 30, 40});

    assertThat(observer.ranges(BYTE)).containsExactly(new Interval(1, 4), new Interval(10, 40));
  }

  @Test
  void aMovingAverageDependsOnOrderAndSaysSo() {
    MovingAverageObserver empty = MovingAverageObserver.of(0.25);
    Observer ab = empty.observe(new double[] {0, 1}).observe(new double[] {0, 3});
    Observer ba = empty.observe(new double[] {0, 3}).observe(new double[] {0, 1});

    assertThat(ab.range(BYTE)).isEqualTo(new Interval(0, 1.5));
    assertThat(ba.range(BYTE)).isEqualTo(new Interval(0, 2.5));
    assertThat(empty.isMergeable()).isFalse();
    assertThatThrownBy(() -> ab.merge(ba)).hasMessageContaining("cannot be merged");
  }
}
