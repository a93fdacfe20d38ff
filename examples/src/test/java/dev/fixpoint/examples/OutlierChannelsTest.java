package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.examples.OutlierChannels.Line;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutlierChannelsTest {
  /** Decibels between 8 bits alone and what knows of outliers. */
  private static final double APART = 20;

  @Test
  void smoothQuantAndTheOutlierSplitBringBackTwentyDecibels() {
    Map<String, Line> lines = OutlierChannels.lines();

    double alone = lines.get("int8 alone").decibels();
    assertThat(lines.get("smooth").decibels()).isGreaterThanOrEqualTo(alone + APART);
    assertThat(lines.get("outliers").decibels()).isGreaterThanOrEqualTo(alone + APART);
    assertThat(lines.get("w8a8").decibels())
        .isGreaterThanOrEqualTo(lines.get("w8a8 without smooth").decibels() + APART);
    assertThat(lines.values()).allMatch(line -> line.integerShare() >= 0.95);
  }
}
