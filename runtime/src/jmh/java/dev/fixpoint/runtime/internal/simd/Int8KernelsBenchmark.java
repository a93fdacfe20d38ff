package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.runtime.internal.simd.scalar.ScalarInt8Kernels;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
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

/**
 * The product of rows with a packed panel: a whole operator, uint8 in, requantized uint8 out, by
 * the chosen kernels, by the Vector API alone, and by the scalar twin.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Int8KernelsBenchmark {
  private static final Int8Kernels CHOSEN = Int8KernelsProvider.steady();
  private static final Int8Kernels VECTOR = Int8KernelsProvider.withoutMachineCode();
  private static final Int8Kernels TWIN = new ScalarInt8Kernels();

  /** Rows, depth and columns. */
  @Param({"1x1024x1024", "49x512x2048", "196x384x64", "3136x64x256", "12544x32x16"})
  public String shape = "49x64x32";

  private final Scratch scratch = new Scratch();
  private ConvGeometry geometry = ConvGeometry.matrix(1, 1, 1);
  private Epilogue epilogue = Epilogue.clamp(new float[1], 0, 0, 255, new long[1]);
  private PackedWeights packed = TWIN.pack(weights(1, 1));
  private PackedWeights panels = packed;
  private PackedWeights plain = packed;
  private Buffer x = bytes(1);
  private Buffer y = bytes(1);

  /** Draws operands and packs weights. */
  @Setup
  public void prepare() {
    int[] sizes = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
    geometry = ConvGeometry.matrix(sizes[0], sizes[1], sizes[2]);
    Int8Weights weights = weights(sizes[2], sizes[1]);
    packed = CHOSEN.pack(weights);
    panels = VECTOR.pack(weights);
    plain = TWIN.pack(weights);
    float[] factors = new float[sizes[2]];
    Arrays.fill(factors, 1e-3f);
    long[] magnitudes = new long[sizes[2]];
    Arrays.fill(magnitudes, weights.largestMagnitude());
    epilogue = Epilogue.clamp(factors, 3, 3, 255, magnitudes);
    x = bytes(sizes[0] * sizes[1]);
    new Random(2).nextBytes(x.bytes());
    y = bytes(sizes[0] * sizes[2]);
  }

  private static Buffer bytes(int count) {
    TensorType type = TensorType.of(ElementType.UINT8, count);
    return Buffer.ofBytes(type, Layout.ROW_MAJOR, new byte[count + 64], 0);
  }

  private static Int8Weights weights(int columns, int depth) {
    byte[] values = new byte[columns * depth];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) Math.clamp(Math.round(random.nextGaussian() * 30), -127, 127);
    }
    return new Int8Weights(
        values, columns, depth, false, new int[columns], new int[columns], true, 120);
  }

  /** The chosen kernels. */
  @Benchmark
  public byte[] chosen() {
    return run(CHOSEN, packed);
  }

  /** The Vector API alone. */
  @Benchmark
  public byte[] vector() {
    return run(VECTOR, panels);
  }

  /** Their scalar twin. */
  @Benchmark
  public byte[] scalar() {
    return run(TWIN, plain);
  }

  private byte[] run(Int8Kernels kernels, PackedWeights weights) {
    kernels.convolve(
        geometry,
        weights,
        epilogue,
        x,
        y,
        null,
        0,
        geometry.outRows(),
        0,
        weights.blocks(),
        scratch);
    return y.bytes();
  }
}
