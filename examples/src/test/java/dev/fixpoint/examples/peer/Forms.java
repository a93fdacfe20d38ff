package dev.fixpoint.examples.peer;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.StandardPipelines;
import dev.fixpoint.transform.fold.RemoveDeadNodes;
import dev.fixpoint.transform.quantize.LowerToQuantized;
import dev.fixpoint.transform.quantize.QuantizeDynamically;
import java.util.List;
import java.util.Map;

/**
 * The forms of one float model that are compared: files for both, and graphs that ours runs.
 *
 * @param model the float model, BatchNormalization left in
 * @param batches calibration data
 */
record Forms(Graph model, List<Map<String, Tensor>> batches) {
  /** Weights that make the peer's integer kernels exact on every CPU. */
  static final QuantScheme EXACT =
      QuantScheme.DEFAULT.withTypes(ElementType.UINT8, ElementType.UINT8);

  /** Weights that saturate in the peer's kernels on CPUs without VNNI. */
  static final QuantScheme SATURATING =
      QuantScheme.DEFAULT.withTypes(ElementType.UINT8, ElementType.INT8);

  private static Compiler compiler(QuantScheme scheme) {
    return new Compiler(
        CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()).withScheme(scheme));
  }

  private static Graph run(Pipeline pipeline, Graph graph) {
    return new PassManager(pipeline, List.of())
        .run(graph, new PassContext(new RuntimeEvaluator(), Map.of()));
  }

  byte[] floatFile() {
    return OnnxWriter.toBytes(model);
  }

  /** The Q-DQ file of the model with BatchNormalization folded. */
  byte[] folded(QuantScheme scheme) {
    return OnnxWriter.toBytes(compiler(scheme).quantize(model, batches).graph());
  }

  /** The Q-DQ file of the model as it is, BatchNormalization in float between the quantizers. */
  byte[] leftIn(QuantScheme scheme) {
    return OnnxWriter.toBytes(run(StandardPipelines.staticQuantization(scheme, batches), model));
  }

  /** The file with weights quantized now and activations when they are known. */
  byte[] dynamic(QuantScheme scheme) {
    Pipeline pipeline =
        StandardPipelines.floatOptimizations()
            .plus(Pipeline.builder().then(new QuantizeDynamically(scheme)).build());
    return OnnxWriter.toBytes(run(pipeline, model));
  }

  /** A float file as ours runs it. */
  static Graph optimized(byte[] file) {
    return compiler(EXACT).optimize(OnnxReader.read(file)).graph();
  }

  /** A Q-DQ file as ours runs it: folded, fused and on integers. */
  static Graph lowered(byte[] file) {
    return compiler(EXACT).lower(OnnxReader.read(file)).graph();
  }

  /** A Q-DQ file as it is: quantizers in float, nothing folded and nothing fused. */
  static Graph simulated(byte[] file) {
    return OnnxReader.read(file);
  }

  /** A Q-DQ file on integers with nothing folded and nothing fused before. */
  static Graph unfused(byte[] file) {
    Pipeline pipeline =
        Pipeline.builder().then(new LowerToQuantized()).then(new RemoveDeadNodes()).build();
    return run(pipeline, OnnxReader.read(file));
  }
}
