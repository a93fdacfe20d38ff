package dev.fixpoint;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.StandardPipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Compiles models: float to float, float to fake-quantized, fake-quantized to integers.
 *
 * <pre>{@code
 * Graph model = OnnxReader.read(Path.of("model.onnx"));
 * Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
 * CompiledModel quantized = compiler.quantize(model, calibrationBatches);
 * OnnxWriter.write(quantized.graph(), Path.of("model.qdq.onnx"));
 * CompiledModel lowered = compiler.lower(quantized.graph());
 * Map<String, Tensor> outputs = InferenceSession.of(lowered.graph()).run(inputs);
 * }</pre>
 */
public final class Compiler {
  private final CompilerOptions options;

  /** A compiler with the given options; it has no state and may be shared. */
  public Compiler(CompilerOptions options) {
    this.options = options;
  }

  /** Folds, fuses and cleans up: float in, float out. */
  public CompiledModel optimize(Graph model) {
    return run(model, StandardPipelines.floatOptimizations(options.rules()));
  }

  /**
   * Optimizes, then simulates static quantization: fake quantizers with calibrated parameters stand
   * where integer operators will read.
   *
   * @param batches calibration data: tensor by input name
   */
  public CompiledModel quantize(Graph model, Iterable<Map<String, Tensor>> batches) {
    return run(
        model,
        StandardPipelines.floatOptimizations(options.rules())
            .plus(StandardPipelines.staticQuantization(options.scheme(), batches)));
  }

  /**
   * Lowers a fake-quantized graph, ours or one of Q-DQ pairs from elsewhere, to integer operators.
   */
  public CompiledModel lower(Graph model) {
    return run(model, StandardPipelines.lowering());
  }

  private CompiledModel run(Graph model, Pipeline pipeline) {
    GraphVerifier.verify(model);
    PassContext context = new PassContext(options.evaluator(), options.inputRanges());
    try {
      Graph result = new PassManager(pipeline, options.observers()).run(model, context);
      return new CompiledModel(result, context.records(), context.refusals());
    } catch (PassException e) {
      throw e.isBrokenPass() ? withGraph(e) : e;
    }
  }

  /** The failure with the graph at hand, for whoever wrote the pass or the rule. */
  private static PassException withGraph(PassException failure) {
    try {
      Path file = Files.createTempFile("fixpoint-", ".onnxtxt");
      OnnxTextWriter.write(failure.lastGood(), file);
      return failure.writtenTo(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }
}
