package dev.fixpoint.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.runtime.internal.simd.Int8KernelsBenchmark;
import dev.fixpoint.runtime.internal.simd.RealFunctionBenchmark;
import dev.fixpoint.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs every benchmark once, on small shapes, and compares what its methods compute. */
class BenchmarksTest {
  @Test
  void theChosenPanelsComputeWhatTheScalarTwinDoes() {
    Int8KernelsBenchmark benchmark = new Int8KernelsBenchmark();
    benchmark.prepare();
    byte[] chosen = benchmark.chosen().clone();
    assertThat(benchmark.vector().clone()).isEqualTo(chosen);
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

  @Test
  void layersAreMeasuredBesideThePeak() {
    var out = new ByteArrayOutputStream();
    var layer = new LayerShapes.Layer("small", "8,16,16,3,1,1");
    LayerShapes.measure(List.of(layer), 0.01, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .last()
        .asString()
        .matches("\\| small \\| [0-9.]+ \\| [0-9.]+ \\| [0-9.]+ \\|");
  }

  @Test
  void theChosenFunctionsComputeWhatTheScalarTwinDoes() {
    RealFunctionBenchmark benchmark = new RealFunctionBenchmark();
    benchmark.prepare();
    float[] chosen = benchmark.chosen().clone();
    assertThat(benchmark.scalar()).isEqualTo(chosen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MatMulInteger 3,40,17", "ConvInteger 9,5,8,3", "QLinearSoftmax 3,17"})
  void theIntegerOperatorsComputeWhatTheirReferenceDoes(String call) {
    OperatorBenchmark benchmark = new OperatorBenchmark();
    benchmark.call = call;
    benchmark.prepare();
    assertThat(benchmark.kernel()).isEqualTo(benchmark.reference());
    benchmark.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MatMulNBits 2,48,40,4,16", "MatMul 2,48,40"})
  void theFloatOperatorsRun(String call) {
    OperatorBenchmark benchmark = new OperatorBenchmark();
    benchmark.call = call;
    benchmark.prepare();
    assertThat(benchmark.kernel().get("y").shape()).isEqualTo(Shape.of(2, 40));
    assertThat(benchmark.reference().get("y").shape()).isEqualTo(Shape.of(2, 40));
    benchmark.end();
  }
}
