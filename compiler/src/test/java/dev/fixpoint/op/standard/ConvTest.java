package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Conv against sums written index by index, and its bounds against drawn inputs. */
class ConvTest {
  private record Drawn(DrawnWindows windows, Random random, int batch, int groups, int m, int c) {
    static Drawn of(long seed) {
      Random random = new Random(seed);
      DrawnWindows windows = new DrawnWindows(random, false);
      int groups = random.nextInt(1, 4);
      int maps = groups * random.nextInt(1, 3);
      int perGroup = random.nextInt(4) == 0 ? 3 : 1;
      return new Drawn(windows, random, random.nextInt(1, 3), groups, maps, perGroup);
    }

    Attributes attributes() {
      return windows.attributes().with(Conv.GROUP, (long) groups);
    }

    long[] shapeOfX() {
      return sizes(batch, groups * c, windows.input);
    }

    long[] shapeOfW() {
      return sizes(m, c, windows.kernel);
    }

    static long[] sizes(int first, int second, int... rest) {
      long[] sizes = new long[rest.length + 2];
      Arrays.setAll(sizes, i -> i == 0 ? first : i == 1 ? second : rest[i - 2]);
      return sizes;
    }
  }

  /** Sums in float32, index by index, in the order of the indices. */
  private static float[] indexByIndex(Drawn drawn, Tensor x, Tensor w, Tensor b) {
    DrawnWindows windows = drawn.windows;
    int[] y = new int[windows.rank + 2];
    long[] shape = Drawn.sizes(drawn.batch, drawn.m, windows.outputs());
    float[] sums = new float[(int) Shape.of(shape).elementCount()];
    for (int flat = 0; flat < sums.length; flat++) {
      unravel(flat, shape, y);
      sums[flat] = sum(drawn, x, w, y) + (float) b.get(y[1]);
    }
    return sums;
  }

  private static float sum(Drawn drawn, Tensor x, Tensor w, int... y) {
    DrawnWindows windows = drawn.windows;
    int[] tap = new int[windows.rank + 2];
    int[] at = new int[windows.rank + 2];
    float sum = 0;
    for (int i = 0; i < w.elementCount() / drawn.m; i++) {
      unravel(y[1] * (w.elementCount() / drawn.m) + i, w.shape().sizes(), tap);
      boolean inside = true;
      for (int axis = 0; axis < windows.rank; axis++) {
        at[axis + 2] = windows.position(axis, y[axis + 2], tap[axis + 2]);
        inside &= at[axis + 2] >= 0;
      }
      at[0] = y[0];
      at[1] = y[1] / (drawn.m / drawn.groups) * drawn.c + tap[1];
      sum += inside ? (float) x.get(at) * (float) w.get(tap) : 0;
    }
    return sum;
  }

  private static void unravel(long flat, long[] shape, int... index) {
    long rest = flat;
    for (int i = shape.length - 1; i >= 0; i--) {
      index[i] = (int) (rest % shape[i]);
      rest /= shape[i];
    }
  }

  @Property(tries = 300)
  void equalsTheSumsWrittenIndexByIndex(@ForAll long seed) {
    Drawn drawn = Drawn.of(seed);
    Tensor x = DrawnCall.integers(drawn.random, drawn.shapeOfX());
    Tensor w = DrawnCall.integers(drawn.random, drawn.shapeOfW());
    Tensor b = DrawnCall.integers(drawn.random, drawn.m);
    Tensor y =
        new DrawnCall(new Conv(), drawn.attributes(), Arrays.asList(x, w, b), 1, drawn.random)
            .result();
    assertThat(y.toFloats()).as("%s", drawn).isEqualTo(indexByIndex(drawn, x, w, b));
  }

  @Property(tries = 150)
  void sumsInFloatAreWithinTheBoundForMachines(@ForAll long seed) {
    Drawn drawn = Drawn.of(seed);
    Tensor x = DrawnCall.reals(drawn.random, drawn.shapeOfX());
    Tensor w = DrawnCall.reals(drawn.random, drawn.shapeOfW());
    Tensor b = DrawnCall.reals(drawn.random, drawn.m);
    new DrawnCall(new Conv(), drawn.attributes(), Arrays.asList(x, w, b), 1, drawn.random)
        .checkMachine(indexByIndex(drawn, x, w, b));
  }

  @Property(tries = 150)
  void resultsLieInRangesAndMoveByNoMoreThanTheirErrors(@ForAll long seed) {
    Drawn drawn = Drawn.of(seed);
    Tensor x = DrawnCall.reals(drawn.random, drawn.shapeOfX());
    Tensor w = DrawnCall.reals(drawn.random, drawn.shapeOfW());
    Tensor b = drawn.random.nextBoolean() ? DrawnCall.reals(drawn.random, drawn.m) : null;
    new DrawnCall(new Conv(), drawn.attributes(), Arrays.asList(x, w, b), 1, drawn.random)
        .checkPromises();
  }

  @Test
  void aSymbolicBatchIsCarried() {
    TensorType x =
        new TensorType(
            ElementType.FLOAT,
            Shape.of(
                List.of(Dimension.of("N"), Dimension.of(3), Dimension.of(8), Dimension.of("W"))));
    OpCall call =
        OpCall.of(
            Attributes.NONE,
            Arrays.asList(x, DrawnCall.floats(5, 3, 3, 1)),
            Arrays.asList(null, null),
            Arrays.asList(null, null),
            1);
    assertThat(new Conv().inferTypes(call).getFirst().toString()).isEqualTo("float[N,5,6,W]");
  }
}
