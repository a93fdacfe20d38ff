package dev.fixpoint.examples;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** From a float model to integer results in ten lines. */
public final class QuantizeModel {
  private QuantizeModel() {}

  /**
   * Quantizes a model file to another one and runs that on integers.
   *
   * @param calibrationBatches sample inputs by name
   * @param inputs what to run on
   * @return outputs by name
   */
  public static Map<String, Tensor> run(
      Path file,
      Path target,
      Iterable<Map<String, Tensor>> calibrationBatches,
      Map<String, Tensor> inputs)
      throws IOException {
    Graph model = OnnxReader.read(file);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    CompiledModel quantized = compiler.quantize(model, calibrationBatches);
    OnnxWriter.write(quantized.graph(), target);
    CompiledModel lowered = compiler.lower(quantized.graph());
    try (InferenceSession session = InferenceSession.of(lowered.graph())) {
      return session.run(inputs);
    }
  }

  /** The outputs of a bundled network on the test images by name, computed with integers. */
  public static Map<String, Tensor> run(String network) {
    Graph model = OnnxReader.read(Digits.model(network));
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    CompiledModel quantized = compiler.quantize(model, Digits.calibration().batches(64));
    CompiledModel lowered = compiler.lower(quantized.graph());
    try (InferenceSession session = InferenceSession.of(lowered.graph())) {
      return session.run(Map.of(Digits.INPUT, Digits.test().images()));
    }
  }
}
