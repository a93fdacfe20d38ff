package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.examples.Digits;
import dev.fixpoint.examples.Logits;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A bundled network on its way from float to integers.
 *
 * @param quantized the fake-quantized network, with the rewrites that led there
 * @param lowered the network on integers, lowered from the QDQ file, with the rewrites
 * @param stations float, fake-quant and int8
 */
record DigitsLine(CompiledModel quantized, CompiledModel lowered, List<Station> stations) {
  private static final int BATCH = 64;

  /**
   * The network at a station of the line.
   *
   * @param name name for people
   * @param graph what runs
   * @param bytes size of the file that it is read from: the float model, or the QDQ file
   * @param logits what it says to the test images
   */
  record Station(String name, Graph graph, long bytes, Tensor logits) {
    private static Station of(String name, Graph graph, long bytes) {
      return new Station(name, graph, bytes, logitsOf(graph));
    }

    private static Tensor logitsOf(Graph graph) {
      OutputBatches outputs = new OutputBatches();
      try (InferenceSession session = InferenceSession.of(graph)) {
        Digits.test().batches(BATCH).forEach(batch -> outputs.add(session.run(batch)));
      }
      return Objects.requireNonNull(outputs.joined().get(Digits.OUTPUT));
    }

    /** Share of the test images that it gets right. */
    double accuracy() {
      return Logits.accuracy(logits, Digits.test().labels());
    }

    /** SQNR of its logits against those of another station. */
    double decibels(Station reference) {
      Sqnr sqnr = new Sqnr();
      sqnr.add(reference.logits, logits);
      return sqnr.decibels();
    }

    /** Times of single images. */
    Stopwatch time(double seconds) {
      List<Map<String, Tensor>> images = Digits.test().batches(1);
      int[] next = {0};
      try (InferenceSession session = InferenceSession.of(graph)) {
        return Stopwatch.measure(seconds, () -> session.run(images.get(next[0]++ % images.size())));
      }
    }
  }

  /** The whole line for one of the bundled networks. */
  static DigitsLine of(String network) throws IOException {
    byte[] bytes = Digits.model(network);
    Graph model = OnnxReader.read(bytes);
    Compiler compiler =
        new Compiler(
            CompilerOptions.DEFAULT
                .withEvaluator(new RuntimeEvaluator())
                .withInputRanges(Digits.INPUT_RANGES));
    CompiledModel quantized = compiler.quantize(model, Digits.calibration().batches(BATCH));
    Path file = Files.createTempFile("digits_" + network, ".qdq.onnx");
    try {
      OnnxWriter.write(quantized.graph(), file);
      long size = Files.size(file);
      CompiledModel lowered = compiler.lower(OnnxReader.read(file));
      return new DigitsLine(
          quantized,
          lowered,
          List.of(
              Station.of("float", compiler.optimize(model).graph(), bytes.length),
              Station.of("fake-quant", quantized.graph(), size),
              Station.of("int8", lowered.graph(), size)));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** How the network on integers runs for one image. */
  ExecutionPlan plan() {
    Graph graph = lowered.graph();
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.plan(PlanReport.shapes(graph, 1));
    }
  }

  /** Whether the first test images give the same bits as the integer operators' semantics. */
  boolean equalsReference(int images) {
    Map<String, Tensor> batch = Digits.test().batches(images).getFirst();
    Map<String, Tensor> expected =
        new ReferenceInterpreter().prepare(lowered.graph()).evaluate(batch);
    try (InferenceSession session = InferenceSession.of(lowered.graph())) {
      return session.run(batch).equals(expected);
    }
  }
}
