package dev.fixpoint.runtime.internal.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Activations behind float products treat NaN, infinities and signed zeros as Java does. */
class FloatActivationsTest {
  private static final float[] SPECIAL = {
    Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -0f, 0f, -1.5f, 4.5f, 5f, -2f, 1f
  };

  @Test
  void boundsKeepTheBitsOfTheSpecification() {
    List<Activation> activations =
        List.of(
            Activation.NONE,
            new Activation.Relu(),
            new Activation.Clip(-1.5f, 4.5f),
            new Activation.Clip(0, 6),
            new Activation.Clip(-0f, 6),
            new Activation.Clip(-1.5f, 0),
            new Activation.Clip(-1.5f, -0f),
            new Activation.Clip(Float.NEGATIVE_INFINITY, 4.5f),
            new Activation.Clip(-1.5f, Float.POSITIVE_INFINITY));
    for (Activation activation : activations) {
      for (int columns : new int[] {1, 7, 16, 32, 33}) {
        assertThat(products(activation, columns))
            .as("%s, %s columns", activation, columns)
            .isEqualTo(expected(activation, columns));
      }
    }
  }

  private static int[] expected(Activation activation, int columns) {
    int[] bits = new int[SPECIAL.length * columns];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(activation.applyFloat(SPECIAL[i / columns]));
    }
    return bits;
  }

  /** One product with 1 for each result; a bias of -0 keeps the sign of zeros. */
  private static int[] products(Activation activation, int columns) {
    float[] ones = new float[columns];
    float[] bias = new float[columns];
    Arrays.fill(ones, 1);
    Arrays.fill(bias, -0f);
    float[] results = new float[SPECIAL.length * columns];
    FloatKernels kernels = Int8KernelsProvider.primitives().floats();
    kernels.multiply(
        SPECIAL.length,
        new FloatWeights(ones, columns, 1, bias),
        Epilogue.plain(activation, false),
        Buffer.ofFloats(type(SPECIAL.length), Layout.ROW_MAJOR, SPECIAL.clone(), 0),
        Buffer.ofFloats(type(results.length), Layout.ROW_MAJOR, results, 0),
        new Scratch());
    int[] bits = new int[results.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(results[i]);
    }
    return bits;
  }

  private static TensorType type(int count) {
    return TensorType.of(ElementType.FLOAT, count);
  }
}
