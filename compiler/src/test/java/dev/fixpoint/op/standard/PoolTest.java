package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Pooling against windows collected tap by tap, and its bounds against drawn inputs. */
class PoolTest {
  private static final int PLANES = 2;

  private static Attributes attributes(DrawnWindows windows) {
    return windows.attributes().with(WindowGeometry.KERNEL_SHAPE, DrawnCall.list(windows.kernel));
  }

  private static long[] shape(int... spatial) {
    long[] shape = new long[spatial.length + 2];
    Arrays.setAll(shape, i -> i == 0 ? 1 : i == 1 ? PLANES : spatial[i - 2]);
    return shape;
  }

  /** The elements under each window, plane by plane. */
  private static List<List<Double>> windows(DrawnWindows drawn, Tensor x) {
    int outputs = Arrays.stream(drawn.outputs()).reduce(1, (a, b) -> a * b);
    int taps = Arrays.stream(drawn.kernel).reduce(1, (a, b) -> a * b);
    List<List<Double>> windows = new ArrayList<>();
    for (int i = 0; i < PLANES * outputs; i++) {
      List<Double> window = new ArrayList<>();
      for (int tap = 0; tap < taps; tap++) {
        int[] at = position(drawn, i / outputs, i % outputs, tap);
        if (Arrays.stream(at).allMatch(p -> p >= 0)) {
          window.add(x.get(at));
        }
      }
      windows.add(window);
    }
    return windows;
  }

  private static int[] position(DrawnWindows drawn, int plane, int window, int tap) {
    int[] at = new int[drawn.rank + 2];
    at[1] = plane;
    int restOfWindow = window;
    int restOfTap = tap;
    for (int axis = drawn.rank - 1; axis >= 0; axis--) {
      int size = drawn.output(axis);
      at[axis + 2] = drawn.position(axis, restOfWindow % size, restOfTap % drawn.kernel[axis]);
      restOfWindow /= size;
      restOfTap /= drawn.kernel[axis];
    }
    return at;
  }

  @Property(tries = 300)
  void maximaAreThoseOfWindowsCollectedTapByTap(@ForAll long seed) {
    Random random = new Random(seed);
    DrawnWindows drawn = new DrawnWindows(random, true);
    Tensor x = DrawnCall.reals(random, shape(drawn.input));
    double[] y = drawn(new MaxPool(), drawn, x, random).result().toDoubles();
    List<List<Double>> windows = windows(drawn, x);
    for (int i = 0; i < y.length; i++) {
      double largest =
          windows.get(i).stream().mapToDouble(v -> v).max().orElse(Double.NEGATIVE_INFINITY);
      assertThat(y[i]).as("%s", drawn).isEqualTo(largest);
    }
  }

  @Property(tries = 300)
  void meansAreThoseOfWindowsCollectedTapByTap(@ForAll long seed) {
    Random random = new Random(seed);
    DrawnWindows drawn = new DrawnWindows(random, true);
    Tensor x = DrawnCall.integers(random, shape(drawn.input));
    float[] y = drawn(new AveragePool(), drawn, x, random).result().toFloats();
    List<List<Double>> windows = windows(drawn, x);
    for (int i = 0; i < y.length; i++) {
      List<Double> window = windows.get(i);
      double sum = window.stream().mapToDouble(v -> v).sum();
      float mean = window.isEmpty() ? 0 : (float) (sum / window.size());
      assertThat(y[i]).as("%s", drawn).isEqualTo(mean);
    }
  }

  @Test
  void positionsThatOnlyCeilModeAddsNeverCount() {
    // 4 elements, pads 1 and 1, window 3, stride 2: windows start at -1, 1 and 3; the last one
    // holds
    // element 3, the pad, and a position beyond it.
    Attributes attributes =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(3L))
            .with(WindowGeometry.STRIDES, List.of(2L))
            .with(WindowGeometry.PADS, List.of(1L, 1L))
            .with(WindowGeometry.CEIL_MODE, 1L);
    Tensor x = Tensor.ofFloats(Shape.of(1, 1, 4), 3, 6, 9, 12);
    assertThat(means(attributes, x)).containsExactly(4.5f, 9, 12);
    Attributes counted = attributes.with(AveragePool.COUNT_INCLUDE_PAD, 1L);
    assertThat(means(counted, x)).containsExactly(3, 9, 6);
  }

  private static float[] means(Attributes attributes, Tensor x) {
    OpCall call = OpCall.ofTensors(attributes, List.of(x), 1);
    return new AveragePool().evaluate(call).getFirst().toFloats();
  }

  @Test
  void maximaOfIntegersCountNoPads() {
    Attributes attributes =
        Attributes.NONE
            .with(WindowGeometry.KERNEL_SHAPE, List.of(3L))
            .with(WindowGeometry.PADS, List.of(1L, 1L));
    Tensor x = Tensor.ofLongs(ElementType.INT8, Shape.of(1, 1, 3), -5, -128, -7);
    List<Tensor> y = new MaxPool().evaluate(OpCall.ofTensors(attributes, List.of(x), 2));
    assertThat(y.get(0).toLongs()).containsExactly(-5, -5, -7);
    assertThat(y.get(1).toLongs()).containsExactly(0, 0, 2);
  }

  private static DrawnCall drawn(OpDefinition op, DrawnWindows windows, Tensor x, Random random) {
    return new DrawnCall(op, attributes(windows), List.of(x), 1, random);
  }

  @Property(tries = 100)
  void resultsLieInRangesAndMoveByNoMoreThanTheirErrors(@ForAll long seed) {
    Random random = new Random(seed);
    DrawnWindows drawn = new DrawnWindows(random, true);
    Tensor x = DrawnCall.reals(random, shape(drawn.input));
    drawn(new AveragePool(), drawn, x, random).checkPromises();
    Attributes counted = attributes(drawn).with(AveragePool.COUNT_INCLUDE_PAD, 1L);
    new DrawnCall(new AveragePool(), counted, List.of(x), 1, random).checkPromises();
    Attributes power = attributes(drawn).with(LpPool.P, (long) random.nextInt(1, 4));
    new DrawnCall(new LpPool(), power, List.of(x), 1, random).checkPromises();
    List<OpDefinition> global =
        List.of(new GlobalAveragePool(), new GlobalMaxPool(), new GlobalLpPool());
    for (OpDefinition op : global) {
      new DrawnCall(op, Attributes.NONE, List.of(x), 1, random).checkPromises();
    }
    if (windows(drawn, x).stream().noneMatch(List::isEmpty)) {
      drawn(new MaxPool(), drawn, x, random).checkPromises();
    }
  }

  @Property(tries = 100)
  void meansInFloatAreWithinTheBoundForMachines(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor x = DrawnCall.reals(random, 1, 1, 64);
    float sum = 0;
    for (float value : x.toFloats()) {
      sum += value;
    }
    new DrawnCall(new GlobalAveragePool(), Attributes.NONE, List.of(x), 1, random)
        .checkMachine(sum * (1 / 64f));
  }
}
