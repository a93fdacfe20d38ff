package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory that a model takes, by the rule of thumb P·Q/8·1.2. */
class InspectTest {
  @ParameterizedTest
  @CsvSource({
    "70_000_000_000, 32, 336_000_000_000",
    "70_000_000_000, 4, 42_000_000_000",
    "7_000_000_000, 4, 4_200_000_000"
  })
  void memoryFollowsTheRuleOfThumb(String parameters, int bits, String bytes) {
    assertThat(Inspect.memory(Long.parseLong(parameters.replace("_", "")), bits))
        .isEqualTo(Long.parseLong(bytes.replace("_", "")));
  }
}
