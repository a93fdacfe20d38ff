package dev.fixpoint.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.runtime.internal.simd.Int8KernelsBenchmark;
import dev.fixpoint.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Runs every benchmark once, on small shapes, and compares what its methods compute. */
class BenchmarksTest {
  @Test
  void theChosenPanelsComputeWhatTheScalarTwinDoes() {
    Int8KernelsBenchmark benchmark = new Int8KernelsBenchmark();
    benchmark.prepare();
    byte[] chosen = benchmark.chosen().clone();
    assertThat(benchmark.scalar()).isEqualTo(chosen);
    assertThat(chosen).isNotEqualTo(new byte[chosen.length]);
  }

  @Test
  void theConvolutionRuns() {
    QConvBenchmark benchmark = new QConvBenchmark();
    benchmark.prepare();
    assertThat(benchmark.run().get("y").shape()).isEqualTo(Shape.of(1, 24, 12, 12));
    benchmark.end();
  }
}
