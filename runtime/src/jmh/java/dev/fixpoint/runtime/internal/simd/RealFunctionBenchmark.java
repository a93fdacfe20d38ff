package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.runtime.internal.simd.scalar.ScalarFloatKernels;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Elementary functions of a run of floats, beside their scalar twin. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class RealFunctionBenchmark {
  private static final int COUNT = 4096;
  private static final FloatKernels CHOSEN = Int8KernelsProvider.floats();
  private static final FloatKernels TWIN = new ScalarFloatKernels();

  /** The function. */
  @Param({"EXP", "TANH", "ERF", "GELU"})
  public RealFunction function = RealFunction.EXP;

  private final Scratch scratch = new Scratch();
  private final float[] x = new float[COUNT];
  private final float[] y = new float[COUNT];

  /** Draws arguments. */
  @Setup
  public void prepare() {
    Random random = new Random(1);
    for (int i = 0; i < COUNT; i++) {
      x[i] = (float) random.nextGaussian();
    }
  }

  /** The chosen kernels. */
  @Benchmark
  public float[] chosen() {
    CHOSEN.map(function, x, 0, y, 0, COUNT, scratch);
    return y;
  }

  /** Their scalar twin. */
  @Benchmark
  public float[] scalar() {
    TWIN.map(function, x, 0, y, 0, COUNT, scratch);
    return y;
  }
}
