package dev.fixpoint.examples.peer;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.runtime.ExecutionOptions;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One way to run one model on one input, again and again. */
abstract sealed class Contestant implements AutoCloseable {
  /** Runs that are shorter are timed several at once, so that reading the clock does not count. */
  private static final double SHORTEST_SAMPLE_NANOS = 100_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final boolean usesProcessorTime;
  private final List<Double> millis = new ArrayList<>();
  private int runsPerSample = 1;

  private Contestant(String name, int threads) {
    this.name = name;
    this.usesProcessorTime = threads == 1 && THREADS.isCurrentThreadCpuTimeSupported();
  }

  /** Our session on a compiled graph. */
  static Contestant ours(String name, Graph graph, Map<String, Tensor> inputs, int threads) {
    return new Ours(name, graph, inputs, threads);
  }

  /** The peer's session on a file. */
  static Contestant peer(String name, byte[] file, Map<String, Tensor> inputs, int threads) {
    try {
      return new Peers(name, file, inputs, threads);
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }

  final String name() {
    return name;
  }

  /** Runs for some time without keeping it. */
  final void warmUp(double seconds) {
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    long runs = 0;
    do {
      run();
      runs++;
    } while (System.nanoTime() < end);
    double nanos = (double) (System.nanoTime() - begin) / runs;
    runsPerSample = (int) Math.max(1, Math.round(SHORTEST_SAMPLE_NANOS / nanos));
  }

  /** Runs for some time, at least twice, of which the first counts nothing: caches are cold. */
  final void measure(double seconds) {
    run();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      long start = now();
      for (int i = 0; i < runsPerSample; i++) {
        run();
      }
      millis.add((now() - start) / 1e6 / runsPerSample);
    } while (System.nanoTime() < end);
  }

  /**
   * Nanoseconds of the clock in use: of one thread its processor time, which other processes do not
   * stretch; of several threads the time of day, since they also wait for each other.
   */
  private long now() {
    return usesProcessorTime ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  /** The median of the measured runs. */
  final double median() {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /** The steps that take the most time, with their share; empty for the peer. */
  List<String> worstSteps(int count) {
    return List.of();
  }

  abstract void run();

  @Override
  public abstract void close();

  private static final class Ours extends Contestant {
    private static final int PROFILED_RUNS = 21;

    private final InferenceSession session;
    private final Map<String, Tensor> inputs;

    Ours(String name, Graph graph, Map<String, Tensor> inputs, int threads) {
      super(name, threads);
      this.session = InferenceSession.of(graph, ExecutionOptions.DEFAULT.withThreads(threads));
      this.inputs = inputs;
    }

    @Override
    void run() {
      session.run(inputs);
    }

    @Override
    List<String> worstSteps(int count) {
      Map<String, Shape> shapes = new HashMap<>();
      inputs.forEach((input, tensor) -> shapes.put(input, tensor.shape()));
      List<ExecutionPlan.Step> steps = session.plan(shapes).steps();
      double[] nanos = medians(steps.size());
      double all = Math.max(1, Arrays.stream(nanos).sum());
      return IntStream.range(0, nanos.length)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -nanos[i]))
          .limit(count)
          .map(i -> describe(steps.get(i), 100 * nanos[i] / all, nanos[i]))
          .toList();
    }

    /** The median time of each step; a sum would count what other processes take now and then. */
    private double[] medians(int steps) {
      long[][] runs = new long[PROFILED_RUNS][];
      for (int run = 0; run < PROFILED_RUNS; run++) {
        runs[run] = session.profile(inputs, 1);
      }
      double[] medians = new double[steps];
      for (int step = 0; step < steps; step++) {
        int index = step;
        long[] sorted = Arrays.stream(runs).mapToLong(run -> run[index]).sorted().toArray();
        medians[step] = sorted[PROFILED_RUNS / 2];
      }
      return medians;
    }

    private static String describe(ExecutionPlan.Step step, double percent, double nanos) {
      return "%s %s (%s) %.1f %%, %.1f GMAC/s"
          .formatted(
              step.name(),
              step.operator(),
              step.kernel(),
              percent,
              step.multiplyAccumulates() / Math.max(1, nanos));
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static final class Peers extends Contestant {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();

    Peers(String name, byte[] file, Map<String, Tensor> given, int threads) throws OrtException {
      super(name, threads);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        session = environment.createSession(file, options);
      }
      for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
        Tensor tensor = given.get(input.getKey());
        if (!(input.getValue().getInfo() instanceof TensorInfo) || tensor == null) {
          throw new IllegalStateException("the peer wants an input '" + input.getKey() + "'");
        }
        float[] values = tensor.toFloats();
        FloatBuffer buffer =
            ByteBuffer.allocateDirect(4 * values.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(values)
                .flip();
        long[] sizes = tensor.shape().sizes();
        inputs.put(input.getKey(), OnnxTensor.createTensor(environment, buffer, sizes));
      }
    }

    @Override
    void run() {
      try (OrtSession.Result result = session.run(inputs)) {
        if (result.size() == 0) {
          throw new IllegalStateException("the peer gave nothing");
        }
      } catch (OrtException e) {
        throw new IllegalStateException(name() + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      inputs.values().forEach(OnnxTensor::close);
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(name() + ": " + e.getMessage(), e);
      }
    }
  }
}
