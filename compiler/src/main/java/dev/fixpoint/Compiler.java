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
import dev.fixpoint.transform.quantize.DynamicRange;
import dev.fixpoint.transform.quantize.QuantReport;
import dev.fixpoint.transform.quantize.QuantizeDynamically;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    Run run = new Run();
    return run.done(run.optimized(model), QuantReport.NONE);
  }

  /**
   * Optimizes, then simulates static quantization: fake quantizers with calibrated parameters stand
   * where integer operators will read.
   *
   * @param batches calibration data: tensor by input name
   */
  public CompiledModel quantize(Graph model, Iterable<Map<String, Tensor>> batches) {
    return placed(model, StandardPipelines.staticQuantization(options.scheme(), batches));
  }

  /**
   * Optimizes, then makes the graph to train: as {@link #quantize}, but weights and biases stay
   * float, so that they can be trained, and every fake quantizer is one node.
   *
   * @param batches calibration data: tensor by input name; null leaves the ranges to training
   */
  public CompiledModel prepareTraining(
      Graph model, @Nullable Iterable<Map<String, Tensor>> batches) {
    return placed(model, StandardPipelines.trainingQuantization(options.scheme(), batches));
  }

  private CompiledModel placed(Graph model, Pipeline quantization) {
    Run run = new Run();
    Graph optimized = run.optimized(model);
    Graph placed = run.through(quantization, optimized);
    QuantReport report =
        QuantReport.ofPlacement(optimized, options.scheme(), placed, run.context.refusals());
    return run.done(placed, report);
  }

  /**
   * Optimizes, then quantizes weights now and activations by their own range when the network runs:
   * needs no data.
   */
  public CompiledModel quantizeDynamically(Graph model, DynamicRange range) {
    Run run = new Run();
    Graph optimized = run.optimized(model);
    QuantizeDynamically pass = new QuantizeDynamically(options.scheme(), range);
    Graph quantized = run.through(StandardPipelines.dynamicQuantization(pass), optimized);
    return run.done(quantized, pass.report(optimized));
  }

  /**
   * Lowers a fake-quantized graph, ours or one of Q-DQ pairs from elsewhere, to integer operators.
   */
  public CompiledModel lower(Graph model) {
    Run run = new Run();
    Graph lowered = run.through(StandardPipelines.lowering(), model);
    return run.done(lowered, QuantReport.ofLowered(lowered));
  }

  /** One compilation: pipelines one after another, with one ledger. */
  private final class Run {
    private final PassContext context = new PassContext(options.evaluator(), options.inputRanges());

    Graph optimized(Graph model) {
      return through(StandardPipelines.floatOptimizations(options.rules()), model);
    }

    Graph through(Pipeline pipeline, Graph graph) {
      GraphVerifier.verify(graph);
      try {
        return new PassManager(pipeline, options.observers()).run(graph, context);
      } catch (PassException e) {
        throw e.isBrokenPass() ? withGraph(e) : e;
      }
    }

    CompiledModel done(Graph graph, QuantReport report) {
      return new CompiledModel(graph, context.records(), context.refusals(), report);
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
