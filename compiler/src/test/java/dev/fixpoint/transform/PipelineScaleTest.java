package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The time of the standard pipeline grows with the graph, and not faster. */
class PipelineScaleTest {
  private static final int SMALL = 2000;
  private static final int LARGE = 20_000;
  private static final int CHANNELS = 2;
  private static final Shape IMAGE = Shape.of(1, CHANNELS, 3, 3);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * Blocks of eight nodes: twice Conv and BatchNormalization, with Relu, Identity and a residual.
   */
  private static Graph chain(int nodes) {
    GraphBuilder graph = new GraphBuilder("chain");
    SplittableRandom random = new SplittableRandom(nodes);
    Value x = graph.input("x", new TensorType(ElementType.FLOAT, IMAGE));
    for (int i = 0; i < nodes; i += 8) {
      Value first = norm(graph, conv(graph, x, random), random);
      Value relu = call(graph, StandardOps.RELU, first);
      Value second = norm(graph, conv(graph, relu, random), random);
      Value same = call(graph, StandardOps.IDENTITY, second);
      x = call(graph, StandardOps.RELU, call(graph, StandardOps.ADD, same, x));
    }
    return graph.output(x).build();
  }

  private static Value call(GraphBuilder graph, OpDefinition op, Value... inputs) {
    return graph.call("t", op, Attributes.NONE, inputs);
  }

  private static Value conv(GraphBuilder graph, Value x, SplittableRandom random) {
    Value w = graph.constant("w", random(random, Shape.of(CHANNELS, CHANNELS, 1, 1), -0.5, 0.5));
    return call(graph, StandardOps.CONV, x, w);
  }

  private static Value norm(GraphBuilder graph, Value x, SplittableRandom random) {
    Shape channels = Shape.of(CHANNELS);
    return call(
        graph,
        StandardOps.BATCH_NORMALIZATION,
        x,
        graph.constant("s", random(random, channels, 0.5, 0.6)),
        graph.constant("b", random(random, channels, -0.1, 0.1)),
        graph.constant("m", random(random, channels, -0.1, 0.1)),
        graph.constant("v", random(random, channels, 0.9, 1.1)));
  }

  private static Tensor random(SplittableRandom random, Shape shape, double low, double high) {
    double[] values = random.doubles(shape.elementCount(), low, high).toArray();
    return Tensor.ofDoubles(ElementType.FLOAT, shape, values);
  }

  /**
   * Processor time of the whole pipeline for each node, in nanoseconds; other load is not in it.
   */
  private static double timePerNode(int nodes) {
    Graph graph = chain(nodes);
    long start = THREADS.getCurrentThreadCpuTime();
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of("x", Range.of(-1, 1)));
    Tensor sample = Tensor.filled(ElementType.FLOAT, IMAGE, 0.5);
    Pipeline pipeline =
        StandardPipelines.floatOptimizations()
            .plus(
                StandardPipelines.staticQuantization(
                    QuantScheme.DEFAULT, List.of(Map.of("x", sample))))
            .plus(StandardPipelines.lowering());
    Graph lowered = new PassManager(pipeline, List.of()).run(graph, context);
    long end = THREADS.getCurrentThreadCpuTime();
    // Two convolutions in each block of eight, and the quantizer of the input.
    assertThat(lowered.nodes()).hasSize(nodes / 4 + 1);
    return (end - start) / (double) nodes;
  }

  @Test
  void timePerNodeDoesNotGrow() {
    timePerNode(SMALL);
    double small = Math.min(timePerNode(SMALL), timePerNode(SMALL));

    double large = timePerNode(LARGE);

    // Caches and the collector are felt at ten times the size; a square would show as ten.
    assertThat(large).isLessThan(2 * small);
  }
}
