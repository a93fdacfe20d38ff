package dev.fixpoint.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The overflow certificate at its corners. */
class AccumulatorTest {
  @Test
  void floatsHoldEverySumUpTo2To24AndNoneBeyond() {
    assertThat(Accumulator.of(1 << 16, 255, 1 << 16).magnitude()).isEqualTo(1L << 24);
    assertThat(Accumulator.of(1 << 16, 255, 1 << 16).fitsFloat()).isTrue();
    assertThat(Accumulator.of(1 << 16, 255, (1 << 16) + 1).fitsFloat()).isFalse();
  }

  @Test
  void integersHoldEverySumBelow2To31() {
    assertThat(Accumulator.of(8421504, 255, 127).magnitude()).isEqualTo((1L << 31) - 1);
    assertThat(Accumulator.of(8421504, 255, 127).fitsInt32()).isTrue();
    assertThat(Accumulator.of(8421504, 255, 128).magnitude()).isEqualTo(1L << 31);
    assertThat(Accumulator.of(8421504, 255, 128).fitsInt32()).isFalse();
  }

  @Test
  void aNegativeBiasCountsByItsMagnitude() {
    assertThat(Accumulator.of(2, 3, -4)).isEqualTo(Accumulator.of(2, 3, 4));
  }

  @Test
  void whatDoesNotEvenFitALongIsAnError() {
    assertThatThrownBy(() -> Accumulator.of(Long.MAX_VALUE, 2, 0))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Accumulator.of(0, 0, Long.MIN_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }
}
