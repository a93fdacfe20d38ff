package dev.fixpoint.runtime.internal.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.scalar.ScalarInt8Kernels;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The chosen kernels give the bits of the scalar twin, whatever the width. */
class Int8KernelsContractTest {
  private static final Int8Kernels ORACLE = new ScalarInt8Kernels();
  private static final Int8Kernels CHOSEN = Int8KernelsProvider.steady();
  private static final int SLACK = 64;
  private static final int[] LENGTHS = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 207};

  @Test
  void vectorKernelsRunUnlessScalarOnesAreAskedFor() {
    boolean scalar = "scalar".equals(System.getProperty("fixpoint.kernels"));
    String bits = System.getProperty("fixpoint.vectorBits", "");
    String wanted = scalar ? "scalar" : bits.isEmpty() ? "vector" : "vector, " + bits + " bits";
    assertThat(CHOSEN.description()).startsWith(wanted);
  }

  @Test
  void theStartInPlainJavaCannotBeTold() {
    Int8Kernels adaptive = new AdaptiveInt8Kernels(ORACLE, Int8KernelsProvider::steady);
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      ConvolutionCase drawn = ConvolutionCase.dense(random);
      assertThat(drawn.run(adaptive, 2)).as("%s", drawn).isEqualTo(drawn.run(ORACLE, 1));
    }
  }

  @Property
  void convolutionsAreEqual(@ForAll long seed) {
    ConvolutionCase drawn = ConvolutionCase.dense(new Random(seed));
    assertThat(drawn.run(CHOSEN, 1)).as("%s", drawn).isEqualTo(drawn.run(ORACLE, 1));
  }

  @Property
  void convolutionsDoNotDependOnHowTheyAreCut(@ForAll long seed) {
    ConvolutionCase drawn = ConvolutionCase.dense(new Random(seed));
    assertThat(drawn.run(CHOSEN, 3)).as("%s", drawn).isEqualTo(drawn.run(CHOSEN, 1));
  }

  @Property
  void depthwiseConvolutionsAreEqual(@ForAll long seed) {
    ConvolutionCase drawn = ConvolutionCase.depthwise(new Random(seed));
    assertThat(drawn.run(CHOSEN, 2)).as("%s", drawn).isEqualTo(drawn.run(ORACLE, 1));
  }

  @Property
  void zeroPointsThatAreKnownLateGiveTheSame(@ForAll long seed, @ForAll boolean depthwise) {
    Random random = new Random(seed);
    ConvolutionCase drawn =
        depthwise ? ConvolutionCase.depthwise(random) : ConvolutionCase.dense(random);
    int zeroPoint = ConvolutionCase.zeroPoint(random, drawn.weights().inputUnsigned());
    ConvolutionCase packed = drawn.toFloat();
    assertThat(packed.runLate(CHOSEN, zeroPoint))
        .as("%s", drawn)
        .isEqualTo(packed.withInputZeroPoint(zeroPoint).run(ORACLE, 1));
  }

  @Test
  void extremeProductsOfEveryDepthAreEqual() {
    for (int depth : new int[] {1, 511, 512, 513, 1024, 2050, 4608}) {
      for (boolean unsigned : new boolean[] {false, true}) {
        for (byte corner : new byte[] {-128, 127, -1, 0}) {
          ConvolutionCase drawn = ConvolutionCase.extreme(depth, unsigned, corner);
          assertThat(drawn.run(CHOSEN, 1)).as("%s", drawn).isEqualTo(drawn.run(ORACLE, 1));
        }
      }
    }
  }

  @Property
  void quantizingIsEqual(@ForAll long seed) {
    Random random = new Random(seed);
    int count = length(random);
    Affine8 target = affine(random);
    float[] x = floats(random, count + SLACK);
    byte[] expected = new byte[count + SLACK];
    byte[] actual = new byte[count + SLACK];
    ORACLE.quantize(x, 3, expected, 5, count, target);
    CHOSEN.quantize(x, 3, actual, 5, count, target);
    assertThat(actual).isEqualTo(expected);
  }

  @Property
  void dequantizingIsEqual(@ForAll long seed) {
    Random random = new Random(seed);
    int count = length(random);
    Affine8 source = affine(random);
    byte[] x = bytes(random, count + SLACK);
    float[] expected = new float[count + SLACK];
    float[] actual = new float[count + SLACK];
    ORACLE.dequantize(x, 3, source, expected, 5, count);
    CHOSEN.dequantize(x, 3, source, actual, 5, count);
    assertThat(actual).isEqualTo(expected);
  }

  @Property
  void requantizingIsEqual(@ForAll long seed) {
    Random random = new Random(seed);
    int count = length(random);
    Affine8 source = affine(random);
    Affine8 target = affine(random);
    byte[] x = bytes(random, count + SLACK);
    byte[] expected = new byte[count + SLACK];
    byte[] actual = new byte[count + SLACK];
    ORACLE.requantize(x, 3, source, expected, 5, target, count, new Scratch());
    CHOSEN.requantize(x, 3, source, actual, 5, target, count, new Scratch());
    assertThat(actual).isEqualTo(expected);
  }

  @Property
  void combiningIsEqual(@ForAll long seed, @ForAll boolean multiply) {
    Random random = new Random(seed);
    int count = length(random);
    Affine8 a = affine(random);
    Affine8 b = affine(random);
    Affine8 target = affine(random);
    Activation activation = ConvolutionCase.activation(random);
    byte[] x = bytes(random, count + SLACK);
    byte[] z = bytes(random, count + SLACK);
    int stepA = random.nextInt(4) == 0 ? 0 : 1;
    int stepB = random.nextInt(4) == 0 ? 0 : 1;
    byte[] expected = new byte[count + SLACK];
    byte[] actual = new byte[count + SLACK];
    ORACLE.combine(
        multiply,
        x,
        3,
        stepA,
        a,
        z,
        4,
        stepB,
        b,
        activation,
        expected,
        5,
        target,
        count,
        new Scratch());
    CHOSEN.combine(
        multiply,
        x,
        3,
        stepA,
        a,
        z,
        4,
        stepB,
        b,
        activation,
        actual,
        5,
        target,
        count,
        new Scratch());
    assertThat(actual).isEqualTo(expected);
  }

  @Property
  void maximaSumsAndTablesAreEqual(@ForAll long seed, @ForAll boolean unsigned) {
    Random random = new Random(seed);
    int count = length(random);
    byte[] x = bytes(random, count + SLACK);
    byte[] expected = bytes(random, count + SLACK);
    byte[] actual = expected.clone();
    ORACLE.max(x, 3, expected, 5, count, unsigned);
    CHOSEN.max(x, 3, actual, 5, count, unsigned);
    assertThat(actual).isEqualTo(expected);
    int[] expectedSums = new int[count + SLACK];
    int[] actualSums = new int[count + SLACK];
    ORACLE.sum(x, 3, unsigned, expectedSums, 5, count);
    CHOSEN.sum(x, 3, unsigned, actualSums, 5, count);
    assertThat(actualSums).isEqualTo(expectedSums);
    byte[] table = bytes(random, 256);
    ORACLE.lookUp(x, 3, table, expected, 5, count);
    CHOSEN.lookUp(x, 3, table, actual, 5, count);
    assertThat(actual).isEqualTo(expected);
  }

  private static int length(Random random) {
    return LENGTHS[random.nextInt(LENGTHS.length)];
  }

  private static byte[] bytes(Random random, int count) {
    byte[] drawn = new byte[count];
    random.nextBytes(drawn);
    return drawn;
  }

  private static float[] floats(Random random, int count) {
    float[] drawn = new float[count];
    float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -0f};
    for (int i = 0; i < count; i++) {
      drawn[i] =
          random.nextInt(10) == 0
              ? special[random.nextInt(special.length)]
              : Math.round(random.nextFloat() * 1000 - 500) * 0.25f;
    }
    return drawn;
  }

  private static Affine8 affine(Random random) {
    boolean unsigned = random.nextBoolean();
    float[] scales = {0.5f, 1, 0.0371f, 3.7f, random.nextFloat() + 1e-3f};
    return new Affine8(
        unsigned, ConvolutionCase.zeroPoint(random, unsigned), scales[random.nextInt(5)]);
  }

  /** A convolution with everything that a run of it needs. */
  private record ConvolutionCase(
      ConvGeometry g,
      Int8Weights weights,
      Epilogue epilogue,
      boolean isDepthwise,
      byte[] x,
      byte[] residual) {

    static int zeroPoint(Random random, boolean unsigned) {
      int low = unsigned ? 0 : -128;
      int[] choices = {low, low + 1, low + 128, low + 255, low + random.nextInt(256)};
      return choices[random.nextInt(choices.length)];
    }

    static Activation activation(Random random) {
      return switch (random.nextInt(7)) {
        case 0 -> Activation.NONE;
        case 1 -> new Activation.Relu();
        case 2 -> new Activation.Clip(-1.5f, 4.5f);
        case 3 -> new Activation.LeakyRelu(0.1f);
        case 4 -> new Activation.HardSigmoid(0.2f, 0.5f);
        case 5 -> new Activation.HardSwish();
        default -> new Activation.Swish();
      };
    }

    static ConvolutionCase dense(Random random) {
      int kh = 1 + random.nextInt(3);
      int kw = 1 + random.nextInt(3);
      boolean pointwise = random.nextInt(3) == 0;
      int channels = 1 + random.nextInt(random.nextBoolean() ? 4 : 40);
      int columns = 1 + random.nextInt(70);
      int groups = 1 + random.nextInt(2);
      ConvGeometry g =
          pointwise
              ? ConvGeometry.matrix(1 + random.nextInt(40), channels * 9, columns)
              : geometry(random, kh, kw, channels, groups, columns * groups)
                  .group(groups - 1, columns);
      return draw(random, g, columns, g.depth(), false);
    }

    static ConvolutionCase depthwise(Random random) {
      int k = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 3;
      int channels = 1 + random.nextInt(90);
      int multiplier = random.nextInt(4) == 0 ? 2 : 1;
      ConvGeometry g = geometry(random, k, k, 1, channels, channels * multiplier);
      return draw(random, g, channels * multiplier, k * k, true);
    }

    private static ConvGeometry geometry(
        Random random, int kh, int kw, int channels, int groups, int outPitch) {
      int sh = 1 + random.nextInt(2);
      int sw = 1 + random.nextInt(3);
      int dh = 1 + random.nextInt(2);
      int dw = 1 + random.nextInt(2);
      int outHeight = 1 + random.nextInt(6);
      int outWidth = 1 + random.nextInt(12);
      int padTop = random.nextInt(kh + 1);
      int padLeft = random.nextInt(kw + 1);
      int inHeight = Math.max(1, (outHeight - 1) * sh + (kh - 1) * dh + 1 - padTop - 1);
      int inWidth = Math.max(1, (outWidth - 1) * sw + (kw - 1) * dw + 1 - padLeft - 1);
      return new ConvGeometry(
          1 + random.nextInt(2),
          inHeight,
          inWidth,
          channels,
          channels * groups,
          0,
          kh,
          kw,
          sh,
          sw,
          dh,
          dw,
          padTop,
          padLeft,
          outHeight,
          outWidth,
          outPitch,
          0);
    }

    static ConvolutionCase extreme(int depth, boolean unsigned, byte corner) {
      Random random = new Random(depth);
      ConvGeometry g = ConvGeometry.matrix(5, depth, 19);
      byte[] values = new byte[19 * depth];
      Arrays.fill(values, corner);
      int[] zeros = new int[19];
      Int8Weights weights =
          new Int8Weights(
              values, 19, depth, unsigned, zeros, new int[19], unsigned, unsigned ? 255 : -128);
      byte[] x = new byte[5 * depth];
      Arrays.fill(x, 0, 3 * depth, corner);
      Arrays.fill(x, 3 * depth, 5 * depth, (byte) (unsigned ? 0 : 127));
      return new ConvolutionCase(g, weights, plain(random, weights, 19), false, x, new byte[0]);
    }

    private static ConvolutionCase draw(
        Random random, ConvGeometry g, int columns, int depth, boolean isDepthwise) {
      boolean unsigned = random.nextBoolean();
      boolean inputUnsigned = random.nextBoolean();
      boolean symmetric = random.nextBoolean();
      byte[] values = bytes(random, columns * depth);
      int[] zeros = new int[columns];
      int[] bias = new int[columns];
      for (int c = 0; c < columns; c++) {
        int middle = unsigned ? 128 : 0;
        zeros[c] = symmetric ? middle : zeroPoint(random, unsigned);
        bias[c] = random.nextInt(20_000) - 10_000;
      }
      if (!isDepthwise && random.nextInt(5) == 0) {
        bias[0] = 1 << 27;
      }
      Int8Weights weights =
          new Int8Weights(
              values,
              columns,
              depth,
              unsigned,
              zeros,
              bias,
              inputUnsigned,
              zeroPoint(random, inputUnsigned));
      int channels = isDepthwise ? columns : g.outChannel() + columns;
      byte[] x = bytes(random, g.batch() * g.inHeight() * g.inWidth() * g.inPitch() + SLACK);
      byte[] residual = bytes(random, g.outRows() * g.outWidth() * g.outPitch() + SLACK);
      Epilogue epilogue =
          random.nextBoolean()
              ? plain(random, weights, channels)
              : general(random, channels, random.nextBoolean());
      return new ConvolutionCase(g, weights, epilogue, isDepthwise, x, residual);
    }

    private static Epilogue plain(Random random, Int8Weights weights, int channels) {
      float[] factors = factors(random, channels);
      if (random.nextInt(3) == 0) {
        return Epilogue.toFloat(factors, activation(random), Epilogue.Residual.NONE);
      }
      boolean unsigned = random.nextBoolean();
      int zero = zeroPoint(random, unsigned);
      int low = unsigned ? 0 : -128;
      long[] magnitudes = new long[channels];
      Arrays.fill(magnitudes, weights.largestMagnitude());
      return Epilogue.clamp(
          factors, zero, random.nextBoolean() ? zero : low, low + 255, magnitudes);
    }

    private static Epilogue general(Random random, int channels, boolean bytes) {
      boolean unsigned = random.nextBoolean();
      Epilogue.Residual residual =
          new Epilogue.Residual(
              bytes ? Epilogue.Residual.Source.BYTES : Epilogue.Residual.Source.NONE,
              unsigned,
              zeroPoint(random, unsigned),
              0.013f);
      return Epilogue.general(
          factors(random, channels),
          activation(random),
          0.037f,
          zeroPoint(random, unsigned),
          unsigned,
          residual);
    }

    private static float[] factors(Random random, int channels) {
      float[] factors = new float[channels];
      float size = random.nextInt(6) == 0 ? 1e6f : 1e-3f;
      for (int c = 0; c < channels; c++) {
        factors[c] = random.nextFloat() * size;
      }
      return factors;
    }

    /** This case with a float result and no residual. */
    ConvolutionCase toFloat() {
      float[] factors = new float[weights.columns() + g.outChannel()];
      Arrays.fill(factors, 0.01f);
      Epilogue real = Epilogue.toFloat(factors, Activation.NONE, Epilogue.Residual.NONE);
      return new ConvolutionCase(g, weights, real, isDepthwise, x, residual);
    }

    ConvolutionCase withInputZeroPoint(int zeroPoint) {
      return new ConvolutionCase(
          g, weights.withInputZeroPoint(zeroPoint), epilogue, isDepthwise, x, residual);
    }

    /** The output where the zero point comes with the input, twice, the last time counts. */
    Object runLate(Int8Kernels kernels, int zeroPoint) {
      int count = g.outRows() * g.outWidth() * g.outPitch();
      float[] floats = new float[count + SLACK];
      Buffer input = Buffer.ofBytes(type(x.length), Layout.CHANNELS_LAST, x, 0);
      Buffer output = Buffer.ofFloats(type(count), Layout.CHANNELS_LAST, floats, 0);
      PackedWeights packed = isDepthwise ? kernels.packDepthwise(weights) : kernels.pack(weights);
      Scratch scratch = new Scratch();
      for (int zero : new int[] {weights.inputZeroPoint(), zeroPoint}) {
        kernels.product(
            g, packed, zero, epilogue, input, output, 0, g.outRows(), 0, packed.blocks(), scratch);
      }
      return Arrays.copyOf(floats, count);
    }

    /** The output of a run that is cut into a number of parts. */
    Object run(Int8Kernels kernels, int parts) {
      int count = g.outRows() * g.outWidth() * g.outPitch();
      boolean isFloat = epilogue.kind() == Epilogue.Kind.FLOAT;
      byte[] bytes = new byte[isFloat ? 0 : count + SLACK];
      float[] floats = new float[isFloat ? count + SLACK : 0];
      Buffer input = Buffer.ofBytes(type(x.length), Layout.CHANNELS_LAST, x, 0);
      Buffer output =
          isFloat
              ? Buffer.ofFloats(type(count), Layout.CHANNELS_LAST, floats, 0)
              : Buffer.ofBytes(type(count), Layout.CHANNELS_LAST, bytes, 0);
      boolean hasResidual = epilogue.residual().kind() == Epilogue.Residual.Source.BYTES;
      Buffer summand =
          hasResidual
              ? Buffer.ofBytes(type(residual.length), Layout.CHANNELS_LAST, residual, 0)
              : null;
      for (int part = 0; part < parts; part++) {
        int first = g.outRows() * part / parts;
        int end = g.outRows() * (part + 1) / parts;
        Scratch scratch = new Scratch();
        if (isDepthwise) {
          kernels.depthwise(
              g,
              kernels.packDepthwise(weights),
              epilogue,
              input,
              output,
              summand,
              first,
              end,
              scratch);
        } else {
          PackedWeights packed = kernels.pack(weights);
          int half = packed.blocks() / 2;
          kernels.convolve(
              g, packed, epilogue, input, output, summand, first, end, 0, half, scratch);
          kernels.convolve(
              g,
              packed,
              epilogue,
              input,
              output,
              summand,
              first,
              end,
              half,
              packed.blocks(),
              scratch);
        }
      }
      return isFloat ? Arrays.copyOf(floats, count) : Arrays.copyOf(bytes, count);
    }

    private static TensorType type(int count) {
      return TensorType.of(ElementType.INT8, count);
    }

    @Override
    public String toString() {
      return g + " " + epilogue.kind() + " " + weights.columns() + " columns of " + weights.depth();
    }
  }
}
