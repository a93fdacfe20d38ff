package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.runtime.ExecutionOptions;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.DynamicRange;
import dev.fixpoint.transform.weights.QuantizeWeights;
import dev.fixpoint.transform.weights.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A repeated run into the caller's memory allocates nothing, on no thread. */
class SteadyStateTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int BATCHES = 8;

  /** Few: a round stays shorter than the 100 ms after which Surefire's stream flusher allocates. */
  private static final int RUNS = 2 * BATCHES;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Graph graph(String network, boolean integer) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph model = OnnxReader.read(Digits.model(network));
    return integer
        ? compiler.lower(compiler.quantize(model, Digits.calibration().batches(64)).graph()).graph()
        : compiler.optimize(model).graph();
  }

  private static Graph dynamic(String network, DynamicRange range) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph model = OnnxReader.read(Digits.model(network));
    return compiler.lower(compiler.quantizeDynamically(model, range).graph()).graph();
  }

  /**
   * The fewest bytes that all threads together allocated during a round of runs. Vectors are
   * objects until the JVM has compiled all that handles them, and threads of the JVM and of the
   * test harness allocate now and then, but not in every round.
   */
  private static long fewest(Runnable run) {
    long fewest = Long.MAX_VALUE;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (fewest > 0 && System.nanoTime() < end) {
      long before = THREADS.getTotalThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        run.run();
      }
      fewest = Math.min(fewest, THREADS.getTotalThreadAllocatedBytes() - before);
    }
    return fewest;
  }

  @ParameterizedTest
  @CsvSource({"mlp,true,1", "rescnn,true,2", "rescnn,false,1", "mobile,true,1", "vit,true,1"})
  void repeatedRunsAllocateNothing(String network, boolean integer, int threads) {
    Map<String, Tensor> images = Digits.test().batches(4).getFirst();
    float[] logits = new float[4 * 10];
    Map<String, MemorySegment> outputs = Map.of(Digits.OUTPUT, MemorySegment.ofArray(logits));
    ExecutionOptions options = ExecutionOptions.DEFAULT.withThreads(threads);
    try (InferenceSession session = InferenceSession.of(graph(network, integer), options)) {
      assertThat(fewest(() -> session.run(images, outputs))).isZero();
      assertThat(Tensor.ofFloats(session.run(images).get(Digits.OUTPUT).shape(), logits))
          .isEqualTo(session.run(images).get(Digits.OUTPUT));
    }
  }

  @ParameterizedTest
  @CsvSource({"mlp,TENSOR", "rescnn,TENSOR", "mobile,TENSOR", "vit,TOKEN"})
  void rangesThatChangeAllocateNothing(String network, DynamicRange range) {
    List<Map<String, Tensor>> images = Digits.test().batches(4).subList(0, BATCHES);
    Map<String, MemorySegment> outputs =
        Map.of(Digits.OUTPUT, MemorySegment.ofArray(new float[4 * 10]));
    int[] next = new int[1];
    try (InferenceSession session = InferenceSession.of(dynamic(network, range))) {
      assertThat(fewest(() -> session.run(images.get(next[0]++ % images.size()), outputs)))
          .isZero();
    }
  }

  /** Many rows of a batch go through widened weights, the few of the last product do not. */
  @Test
  void weightsOfFourBitsAllocateNothing() {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    var format = new WeightFormat(ElementType.INT4, 32);
    Graph graph =
        compiler
            .quantizeWeights(
                OnnxReader.read(Digits.model("vit")), QuantizeWeights.plain(format), false)
            .graph();
    Map<String, Tensor> images = Digits.test().batches(4).getFirst();
    Map<String, MemorySegment> outputs =
        Map.of(Digits.OUTPUT, MemorySegment.ofArray(new float[4 * 10]));
    try (InferenceSession session = InferenceSession.of(graph)) {
      assertThat(session.plan(Map.of(Digits.INPUT, Shape.of(4, 1, 28, 28))).steps())
          .extracting(ExecutionPlan.Step::kernel)
          .contains("BlockedProductKernel")
          .doesNotContain("ReferenceKernel");
      assertThat(fewest(() -> session.run(images, outputs))).isZero();
    }
  }
}
