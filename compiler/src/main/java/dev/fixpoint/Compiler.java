package dev.fixpoint;

import dev.fixpoint.analysis.Certificates;
import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.analysis.ErrorAnalysis;
import dev.fixpoint.analysis.ErrorReport;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.PassObserver;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.StandardPipelines;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.improve.Reference;
import dev.fixpoint.transform.quantize.DynamicRange;
import dev.fixpoint.transform.quantize.QuantReport;
import dev.fixpoint.transform.quantize.QuantizeDynamically;
import dev.fixpoint.transform.weights.QuantizeWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    Run run = new Run(model);
    return run.done(run.optimized(model), QuantReport.NONE);
  }

  /**
   * Optimizes, then simulates static quantization: fake quantizers with calibrated parameters stand
   * where integer operators will read. The graph carries certificates of its outputs, for inputs in
   * the declared ranges, or in those of the calibration data where nothing is declared.
   *
   * @param batches calibration data: tensor by input name
   * @throws ErrorBudgetException if an output could be further off than the options allow
   */
  public CompiledModel quantize(Graph model, Iterable<Map<String, Tensor>> batches) {
    return quantize(model, CalibrationData.of(batches));
  }

  /** As {@link #quantize(Graph, Iterable)}, on several threads or with a cache. */
  public CompiledModel quantize(Graph model, CalibrationData data) {
    Map<String, Range> box = CalibrationBox.of(data.batches(), options.inputRanges());
    Run run = new Run(model, box);
    return run.certified(model, improved(run, model, data), box);
  }

  private CompiledModel improved(Run run, Graph model, CalibrationData data) {
    Improvements improvements = options.improvements();
    QuantScheme scheme = improvements.adapted(options.scheme());
    Pipeline placement = StandardPipelines.placement(scheme, data);
    Graph optimized = run.optimized(model);
    Graph equal =
        run.through(
            improvements.onFloat(new Reference(optimized, data.batches()), placement), optimized);
    Pipeline rest =
        placement
            .plus(improvements.onQuantized(new Reference(equal, data.batches())))
            .plus(StandardPipelines.storage(scheme));
    Graph placed = run.through(rest, equal);
    return run.done(placed, QuantReport.ofPlacement(equal, scheme, placed, run.context.refusals()));
  }

  /**
   * Optimizes, then stores weights in fewer bits; activations stay in float. The graph carries
   * certificates where the range of every input is declared.
   *
   * @param weights says how
   * @param packed whether matrix products become ONNX Runtime's MatMulNBits where they can
   * @throws ErrorBudgetException if an output could be further off than the options allow
   */
  public CompiledModel quantizeWeights(Graph model, QuantizeWeights weights, boolean packed) {
    Run run = new Run(model);
    Graph optimized = run.optimized(model);
    run.derived.quantizationBegins();
    Graph stored = run.through(StandardPipelines.weights(weights, packed), optimized);
    return run.certifiedIfDeclared(model, run.done(stored, QuantReport.NONE));
  }

  /**
   * Optimizes, then makes the graph to train: as {@link #quantize}, but weights and biases stay
   * float, so that they can be trained, and every fake quantizer is one node.
   *
   * @param batches calibration data: tensor by input name; null leaves the ranges to training
   */
  public CompiledModel prepareTraining(
      Graph model, @Nullable Iterable<Map<String, Tensor>> batches) {
    return placed(
        new Run(model), model, StandardPipelines.trainingQuantization(options.scheme(), batches));
  }

  private CompiledModel placed(Run run, Graph model, Pipeline quantization) {
    Graph optimized = run.optimized(model);
    Graph placed = run.through(quantization, optimized);
    QuantReport report =
        QuantReport.ofPlacement(optimized, options.scheme(), placed, run.context.refusals());
    return run.done(placed, report);
  }

  /**
   * Optimizes, then quantizes weights now and activations by their own range when the network runs:
   * needs no data. The graph carries certificates where the range of every input is declared.
   *
   * @throws ErrorBudgetException if an output could be further off than the options allow
   */
  public CompiledModel quantizeDynamically(Graph model, DynamicRange range) {
    Run run = new Run(model);
    Graph optimized = run.optimized(model);
    run.derived.quantizationBegins();
    QuantizeDynamically pass = new QuantizeDynamically(options.scheme(), range);
    Graph quantized = run.through(StandardPipelines.dynamicQuantization(pass), optimized);
    return run.certifiedIfDeclared(model, run.done(quantized, pass.report(optimized)));
  }

  /**
   * Spells out operators that an opset of the standard operators lacks, by those that it has: for
   * writing to consumers of older opsets. What has no such form stays, and is refused when written.
   */
  public CompiledModel spellOut(Graph model, int opset) {
    Run run = new Run(model);
    return run.done(run.through(StandardPipelines.spellingOut(opset), model), QuantReport.NONE);
  }

  /**
   * Lowers a fake-quantized graph, ours or one of Q-DQ pairs from elsewhere, to integer operators.
   */
  public CompiledModel lower(Graph model) {
    Run run = new Run(model);
    Graph lowered = run.through(StandardPipelines.lowering(), model);
    return run.done(lowered, QuantReport.ofLowered(lowered));
  }

  /** One compilation: pipelines one after another, with one ledger. */
  private final class Run {
    private final PassContext context;
    private final Derived derived;

    Run(Graph model) {
      this(model, options.inputRanges());
    }

    Run(Graph model, Map<String, Range> box) {
      this.context = new PassContext(options.evaluator(), box);
      this.derived = new Derived(model);
    }

    Graph optimized(Graph model) {
      return through(StandardPipelines.floatOptimizations(options.rules()), model);
    }

    Graph through(Pipeline pipeline, Graph graph) {
      GraphVerifier.verify(graph);
      try {
        List<PassObserver> observers = new ArrayList<>(options.observers());
        observers.add(derived);
        return new PassManager(pipeline, observers).run(graph, context);
      } catch (PassException e) {
        throw e.isBrokenPass() ? withGraph(e) : e;
      }
    }

    CompiledModel done(Graph graph, QuantReport report) {
      return new CompiledModel(graph, context.records(), context.refusals(), report);
    }

    CompiledModel certifiedIfDeclared(Graph model, CompiledModel compiled) {
      boolean declared =
          model.inputs().stream()
              .allMatch(input -> options.inputRanges().containsKey(input.name()));
      return declared ? certified(model, compiled, options.inputRanges()) : compiled;
    }

    /** Proves how far a quantized graph can be from its model, and lets it carry that. */
    CompiledModel certified(Graph model, CompiledModel compiled, Map<String, Range> box) {
      Derivation derivation = derived.derivation(compiled.graph());
      ErrorAnalysis analysis = new ErrorAnalysis(derivation, box);
      ErrorReport errors = analysis.report();
      ErrorBudgetException.check(options.errorBudget(), model, analysis, errors);
      return compiled.carrying(Certificates.of(model, errors), errors, derivation);
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
