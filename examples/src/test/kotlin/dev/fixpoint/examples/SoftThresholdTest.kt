package dev.fixpoint.examples

import dev.fixpoint.onnx.OnnxReadOptions
import dev.fixpoint.onnx.OnnxTextReader
import dev.fixpoint.runtime.ExecutionOptions
import dev.fixpoint.runtime.InferenceSession
import dev.fixpoint.runtime.kernel.KernelRegistry
import dev.fixpoint.tensor.Shape
import dev.fixpoint.tensor.Tensor
import dev.fixpoint.testing.OpTester
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class SoftThresholdTest {
  private val text =
    """
    <ir_version: 10, opset_import: ["" : 21, "example" : 1]>
    g (float[N] x) => (float[N] y) { y = example.SoftThreshold <lambda = 0.75> (x) }
    """

  private val graph =
    OnnxTextReader.read(
      "test",
      text,
      OnnxReadOptions.DEFAULT.withRegistry(OnnxReadOptions.DEFAULT.registry().plus(SoftThreshold)),
    )

  private val input = mapOf("x" to Tensor.ofFloats(Shape.of(5), -2f, -0.5f, 0f, 0.75f, 3.25f))

  private fun run(options: ExecutionOptions): FloatArray =
    InferenceSession.of(graph, options).use { session ->
      session.run(input).getValue("y").toDoubles().map { it.toFloat() }.toFloatArray()
    }

  @Test
  fun definitionKeepsItsPromises() {
    assertThat(OpTester.of(SoftThreshold).check(text).ratio()).isGreaterThan(0.5)
  }

  @Test
  fun kernelComputesWhatTheDefinitionSays() {
    val kernels = KernelRegistry.empty().plus(SoftThreshold.id(), SoftThresholdKernel)

    val fast = run(ExecutionOptions.DEFAULT.withKernels(kernels))

    assertThat(fast).containsExactly(-1.25f, -0f, 0f, 0f, 2.5f)
    assertThat(fast).isEqualTo(run(ExecutionOptions.DEFAULT.withReference(true)))
  }

  @Test
  fun runtimeFallsBackToTheDefinition() {
    assertThat(run(ExecutionOptions.DEFAULT)).containsExactly(-1.25f, -0f, 0f, 0f, 2.5f)
  }
}
