package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Gemm and MatMul against sums written index by index, and their bounds against drawn inputs. */
class MatrixTest {
  private record Drawn(int m, int k, int n, boolean transA, boolean transB, Shape c) {
    static Drawn of(Random random) {
      int m = random.nextInt(1, 7);
      int n = random.nextInt(1, 7);
      long[][] shapes = {{}, {n}, {1, n}, {m, 1}, {m, n}};
      return new Drawn(
          m,
          random.nextInt(1, 7),
          n,
          random.nextBoolean(),
          random.nextBoolean(),
          Shape.of(shapes[random.nextInt(shapes.length)]));
    }

    long[] shapeOfC() {
      return c.sizes();
    }

    long[] shapeOfA() {
      return transA ? new long[] {k, m} : new long[] {m, k};
    }

    long[] shapeOfB() {
      return transB ? new long[] {n, k} : new long[] {k, n};
    }

    Attributes attributes(float alpha, float beta) {
      return Attributes.NONE
          .with(Gemm.ALPHA, alpha)
          .with(Gemm.BETA, beta)
          .with(Gemm.TRANS_A, transA ? 1L : 0L)
          .with(Gemm.TRANS_B, transB ? 1L : 0L);
    }

    float[] product(Tensor a, Tensor b, Tensor addends, float alpha, float beta) {
      int rowsOfC = c.rank() < 2 ? 1 : c.intSize(0);
      int columns = c.rank() == 0 ? 1 : c.intSize(-1);
      float[] y = new float[m * n];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          float sum = 0;
          for (int l = 0; l < k; l++) {
            float left = (float) (transA ? a.get(l, i) : a.get(i, l));
            float right = (float) (transB ? b.get(j, l) : b.get(l, j));
            sum += left * right;
          }
          int row = rowsOfC == 1 ? 0 : i;
          float addend = (float) addends.doubleAt((long) row * columns + (columns == 1 ? 0 : j));
          y[i * n + j] = alpha * sum + beta * addend;
        }
      }
      return y;
    }
  }

  @Property(tries = 200)
  void gemmEqualsTheSumsWrittenIndexByIndex(@ForAll long seed) {
    Random random = new Random(seed);
    Drawn drawn = Drawn.of(random);
    Tensor a = DrawnCall.integers(random, drawn.shapeOfA());
    Tensor b = DrawnCall.integers(random, drawn.shapeOfB());
    Tensor c = DrawnCall.integers(random, drawn.shapeOfC());
    Attributes attributes = drawn.attributes(-2, 3);
    Tensor y = new DrawnCall(new Gemm(), attributes, List.of(a, b, c), 1, random).result();
    assertThat(y.toFloats()).isEqualTo(drawn.product(a, b, c, -2, 3));
  }

  @Property(tries = 200)
  void gemmKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    Drawn drawn = Drawn.of(random);
    Tensor a = DrawnCall.reals(random, drawn.shapeOfA());
    Tensor b = DrawnCall.reals(random, drawn.shapeOfB());
    Tensor c = DrawnCall.reals(random, drawn.shapeOfC());
    Attributes attributes = drawn.attributes(-0.7f, 1.3f);
    DrawnCall call = new DrawnCall(new Gemm(), attributes, List.of(a, b, c), 1, random);
    call.checkPromises();
    call.checkMachine(drawn.product(a, b, c, -0.7f, 1.3f));
  }

  @Property(tries = 200)
  void stacksOfMatricesKeepTheirPromises(@ForAll long seed) {
    Random random = new Random(seed);
    int k = random.nextInt(1, 6);
    long[][] left = {{k}, {3, k}, {2, 1, 3, k}, {4, 3, k}};
    long[][] right = {{k}, {k, 2}, {4, k, 2}, {1, 4, k, 5}};
    Tensor a = DrawnCall.reals(random, left[random.nextInt(4)]);
    Tensor b = DrawnCall.reals(random, right[random.nextInt(4)]);
    new DrawnCall(new MatMul(), Attributes.NONE, List.of(a, b), 1, random).checkPromises();
  }

  @Test
  void stacksBroadcastAsInNumpy() {
    assertThat(shape(Shape.of(2, 1, 3, 4), Shape.of(5, 4, 6))).isEqualTo(Shape.of(2, 5, 3, 6));
    assertThat(shape(Shape.of(4), Shape.of(5, 4, 6))).isEqualTo(Shape.of(5, 6));
    assertThat(shape(Shape.of(5, 3, 4), Shape.of(4))).isEqualTo(Shape.of(5, 3));
    assertThat(shape(Shape.of(4), Shape.of(4))).isEqualTo(Shape.SCALAR);
  }

  private static Shape shape(Shape a, Shape b) {
    Tensor left = Tensor.filled(ElementType.FLOAT, a, 1);
    Tensor right = Tensor.filled(ElementType.FLOAT, b, 1);
    return new MatMul()
        .evaluate(OpCall.ofTensors(Attributes.NONE, List.of(left, right), 1))
        .getFirst()
        .shape();
  }

  @Test
  void integersAreExactAndDoNotWrapAround() {
    Tensor large = Tensor.ofLongs(ElementType.INT32, Shape.of(1, 2), 1 << 20, 1);
    Tensor small = Tensor.ofLongs(ElementType.INT32, Shape.of(2, 1), 1 << 10, 7);
    OpCall fits = OpCall.ofTensors(Attributes.NONE, Arrays.asList(large, small), 1);
    assertThat(new MatMul().evaluate(fits).getFirst().toLongs()).containsExactly((1L << 30) + 7);
    Tensor larger = Tensor.ofLongs(ElementType.INT32, Shape.of(2, 1), 1 << 12, 7);
    OpCall overflows = OpCall.ofTensors(Attributes.NONE, Arrays.asList(large, larger), 1);
    assertThatThrownBy(() -> new MatMul().evaluate(overflows))
        .isInstanceOf(ArithmeticException.class);
  }
}
