package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** QGemm, QMatMul, MatMulInteger and their kin against three plain loops. */
class QuantizedProductTest {
  private static final OpDefinition GEMM = QuantOps.Q_GEMM;
  private static final OpDefinition MAT_MUL = QuantOps.Q_MAT_MUL;

  /** A random product: rows, depth, columns, operands with parameters, output parameters. */
  private static final class Product {
    final Draws draws;
    final int rows;
    final int depth;
    final int columns;
    final @Nullable Tensor[] inputs = new Tensor[9];
    final Activation activation;

    Product(long seed) {
      draws = new Draws(seed);
      rows = draws.between(1, 4);
      depth = draws.between(1, 9);
      columns = draws.between(1, 5);
      activation = draws.activation();
      inputs[1] = draws.scales(1);
      inputs[4] = draws.scales(draws.maybe() ? columns : 1);
      inputs[6] = draws.maybe() ? draws.biases(columns) : null;
      if (draws.maybe()) {
        inputs[7] = draws.scales(1);
        inputs[8] = draws.maybe() ? draws.zeroPoints(draws.bytes(), 1) : null;
      }
    }

    void operands(Shape a, Shape b, boolean zeroByColumn) {
      inputs[0] = draws.integers(draws.bytes(), a);
      inputs[3] = draws.integers(draws.bytes(), b);
      inputs[2] = draws.maybe() ? draws.zeroPoints(inputs[0].elementType(), 1) : null;
      int zeros = zeroByColumn && draws.maybe() ? columns : 1;
      inputs[5] = draws.maybe() ? draws.zeroPoints(inputs[3].elementType(), zeros) : null;
    }

    double expected(long sum, int column) {
      long bias = inputs[6] == null ? 0 : inputs[6].longAt(column);
      SpecifiedEpilogue epilogue = new SpecifiedEpilogue(activation, inputs[7], inputs[8]);
      return epilogue.of(
          Math.toIntExact(sum + bias), (float) at(1, 0), (float) at(4, column), null);
    }

    double at(int input, int index) {
      Tensor tensor = inputs[input];
      if (tensor == null) {
        return 0;
      }
      return tensor.doubleAt(tensor.elementCount() == 1 ? 0 : index);
    }
  }

  @Property(tries = 300)
  void gemmEqualsThePlainLoops(@ForAll long seed) {
    Product p = new Product(seed);
    boolean transA = p.draws.maybe();
    boolean transB = p.draws.maybe();
    p.operands(
        transA ? Shape.of(p.depth, p.rows) : Shape.of(p.rows, p.depth),
        transB ? Shape.of(p.columns, p.depth) : Shape.of(p.depth, p.columns),
        true);
    Attributes attributes =
        p.activation.addTo(
            Attributes.NONE
                .with(QGemm.TRANS_A, transA ? 1L : 0L)
                .with(QGemm.TRANS_B, transB ? 1L : 0L));
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(p.inputs), 1);

    Tensor y = GEMM.evaluate(call).getFirst();

    for (int i = 0; i < p.rows; i++) {
      for (int j = 0; j < p.columns; j++) {
        long sum = 0;
        for (int k = 0; k < p.depth; k++) {
          double a = transA ? p.inputs[0].get(k, i) : p.inputs[0].get(i, k);
          double b = transB ? p.inputs[3].get(j, k) : p.inputs[3].get(k, j);
          sum += (long) ((a - p.at(2, 0)) * (b - p.at(5, j)));
        }
        assertThat(y.get(i, j)).isEqualTo(p.expected(sum, j));
      }
    }
    TransferChecks.check(GEMM, call, p.draws.random, 0);
    TransferChecks.check(GEMM, call, p.draws.random, 0, 3);
    ExpansionChecks.close(GEMM, call);
  }

  @Property(tries = 300)
  void matMulBroadcastsStacksOfMatrices(@ForAll long seed) {
    Product p = new Product(seed);
    int outer = p.draws.between(1, 3);
    boolean leftStack = p.draws.maybe();
    boolean rightStack = p.draws.maybe();
    p.operands(
        leftStack ? Shape.of(outer, p.rows, p.depth) : Shape.of(p.rows, p.depth),
        rightStack ? Shape.of(outer, p.depth, p.columns) : Shape.of(p.depth, p.columns),
        true);
    Attributes attributes = p.activation.addTo(Attributes.NONE);
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(p.inputs), 1);

    Tensor y = MAT_MUL.evaluate(call).getFirst();

    int stacks = leftStack || rightStack ? outer : 1;
    for (int flat = 0; flat < stacks * p.rows * p.columns; flat++) {
      int j = flat % p.columns;
      int i = flat / p.columns % p.rows;
      int s = flat / p.columns / p.rows;
      long sum = 0;
      for (int k = 0; k < p.depth; k++) {
        double a = leftStack ? p.inputs[0].get(s, i, k) : p.inputs[0].get(i, k);
        double b = rightStack ? p.inputs[3].get(s, k, j) : p.inputs[3].get(k, j);
        sum += (long) ((a - p.at(2, 0)) * (b - p.at(5, j)));
      }
      assertThat(y.doubleAt(flat)).isEqualTo(p.expected(sum, j));
    }
    TransferChecks.check(MAT_MUL, call, p.draws.random, 0);
    TransferChecks.check(MAT_MUL, call, p.draws.random, 0, 3);
    ExpansionChecks.close(MAT_MUL, call);
  }

  @Property(tries = 100)
  void matMulIntegerSubtractsZeroPointsByRowAndByColumn(@ForAll long seed) {
    Draws draws = new Draws(seed);
    int rows = draws.between(1, 4);
    int depth = draws.between(1, 6);
    int columns = draws.between(2, 4);
    Tensor a = draws.integers(ElementType.UINT8, Shape.of(rows, depth));
    Tensor b = draws.integers(ElementType.INT8, Shape.of(depth, columns));
    Tensor aZero = draws.zeroPoints(ElementType.UINT8, rows);
    Tensor bZero = draws.zeroPoints(ElementType.INT8, columns);
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(a, b, aZero, bZero), 1);

    Tensor y = QuantOps.MAT_MUL_INTEGER.evaluate(call).getFirst();

    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < depth; k++) {
          sum += (a.get(i, k) - aZero.doubleAt(i)) * (b.get(k, j) - bZero.doubleAt(j));
        }
        assertThat(y.get(i, j)).isEqualTo(sum);
      }
    }
    TransferChecks.check(QuantOps.MAT_MUL_INTEGER, call, draws.random, 0, 1);
  }

  @Property(tries = 100)
  void convIntegerIsTheConvolutionWithoutScales(@ForAll long seed) {
    Draws draws = new Draws(seed);
    ConvolutionDraw draw = new ConvolutionDraw(draws);
    @Nullable Tensor[] inputs = new Tensor[4];
    draw.fillUnscaled(inputs);
    OpCall call = OpCall.ofTensors(draw.attributes, Arrays.asList(inputs), 1);

    Tensor y = QuantOps.CONV_INTEGER.evaluate(call).getFirst();

    for (int i = 0; i < y.elementCount(); i++) {
      assertThat(y.longAt(i)).isEqualTo(draw.accumulator(i));
    }
    TransferChecks.check(QuantOps.CONV_INTEGER, call, draws.random, 0);
  }

  @Test
  void refusesSumsBeyondThirtyTwoBits() {
    int depth = 33_026;
    Tensor a = Tensor.filled(ElementType.UINT8, Shape.of(1, depth), 255);
    Tensor b = Tensor.filled(ElementType.UINT8, Shape.of(depth, 1), 255);
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(a, b), 1);

    assertThatThrownBy(() -> QuantOps.MAT_MUL_INTEGER.evaluate(call))
        .isInstanceOf(ArithmeticException.class);
  }

  /** 16-bit operands have exact 64-bit accumulators, here of 40 bits. */
  @Test
  void sumsOfSixteenBitOperandsHaveSixtyFourBits() {
    int depth = 70_000;
    Tensor a = Tensor.filled(ElementType.INT16, Shape.of(1, depth), -32_768);
    Tensor b = Tensor.filled(ElementType.INT8, Shape.of(depth, 1), -127);
    Tensor aScale = Tensor.ofFloats(Shape.SCALAR, 0x1p-15f);
    Tensor bScale = Tensor.ofFloats(Shape.SCALAR, 0x1p-7f);
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(a, aScale, null, b, bScale), 1);

    float exact = (float) (70_000L * 32_768 * 127) * (0x1p-15f * 0x1p-7f);
    assertThat(QuantOps.Q_MAT_MUL.evaluate(call).getFirst().toFloats()).containsExactly(exact);
    assertThat(QuantOps.Q_GEMM.evaluate(call).getFirst().toFloats()).containsExactly(exact);
  }

  /** Microsoft's QGemm scales by alpha, and its bias has the scale of the scaled product. */
  @Test
  void scalesAGemmByAlpha() {
    Tensor a = Tensor.ofLongs(ElementType.UINT8, Shape.of(1, 2), 3, 5);
    Tensor b = Tensor.ofLongs(ElementType.INT8, Shape.of(2, 1), 7, -2);
    Tensor bias = Tensor.ofLongs(ElementType.INT32, Shape.of(1), 4);
    Tensor half = Tensor.scalar(ElementType.FLOAT, 0.5);
    Tensor zero = Tensor.scalar(ElementType.UINT8, 1);
    Tensor noZero = Tensor.scalar(ElementType.INT8, 0);
    OpCall call =
        OpCall.ofTensors(
            Attributes.NONE.with(QLinearGemm.ALPHA, 2f),
            Arrays.asList(a, half, zero, b, half, noZero, bias),
            1);

    // ((3 - 1) * 7 + (5 - 1) * -2 + 4) * 2 * 0.5 * 0.5
    assertThat(QuantOps.Q_LINEAR_GEMM.evaluate(call).getFirst().toFloats()).containsExactly(5);
  }

  @Test
  void unpacksFourBitsFromTheLowHalf() {
    byte[] packed = new byte[16];
    packed[0] = (byte) 0x91;
    long[] a = new long[32];
    a[0] = 1;
    a[1] = 10;
    Tensor left = Tensor.ofFloats(Shape.of(1, 32), floats(a));
    Tensor b = Tensor.ofBytes(ElementType.UINT8, Shape.of(1, 1, 16), packed);
    Tensor scales = Tensor.ofFloats(Shape.of(1), 0.5f);
    Attributes attributes =
        Attributes.NONE
            .with(MatMulNBits.K, 32L)
            .with(MatMulNBits.N, 1L)
            .with(MatMulNBits.BLOCK_SIZE, 32L);
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(left, b, scales), 1);

    // (1 - 8) * 0.5 * 1 + (9 - 8) * 0.5 * 10
    assertThat(QuantOps.MAT_MUL_N_BITS.evaluate(call).getFirst().toFloats()).containsExactly(1.5f);
  }

  private static float[] floats(long[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }

  @Test
  void dynamicProductsAgreeWithTheirParts() {
    Draws draws = new Draws(5);
    Tensor a = draws.floats(Shape.of(3, 4), 2);
    Tensor b = draws.integers(ElementType.INT8, Shape.of(4, 2));
    Tensor scale = Tensor.ofFloats(Shape.of(2), 0.25f, 0.5f);
    Tensor bias = Tensor.ofFloats(Shape.of(2), 1, -1);
    OpCall whole = OpCall.ofTensors(Attributes.NONE, Arrays.asList(a, b, scale, null, bias), 1);
    var parts =
        QuantOps.DYNAMIC_QUANTIZE_LINEAR.evaluate(
            OpCall.ofTensors(Attributes.NONE, Arrays.asList(a), 3));
    OpCall product =
        OpCall.ofTensors(
            Attributes.NONE,
            Arrays.asList(parts.get(0), b, parts.get(1), scale, parts.get(2), null, bias),
            1);

    assertThat(QuantOps.DYNAMIC_QUANTIZE_MAT_MUL.evaluate(whole))
        .isEqualTo(QuantOps.MAT_MUL_INTEGER_TO_FLOAT.evaluate(product));
  }
}
