package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** ConvTranspose as the transpose of Conv, and its bounds against drawn inputs. */
class ConvTransposeTest {
  private record Drawn(DrawnWindows windows, Random random, int groups, int c, int m) {
    static Drawn of(long seed) {
      Random random = new Random(seed);
      DrawnWindows windows = new DrawnWindows(random, false);
      return new Drawn(
          windows, random, random.nextInt(1, 3), random.nextInt(1, 3), random.nextInt(1, 3));
    }

    /** Conv goes from image to map, ConvTranspose from map to image. */
    long[] image() {
      return sizes(2, groups * m, windows.input);
    }

    long[] map() {
      return sizes(2, groups * c, windows.outputs());
    }

    long[] weights() {
      return sizes(groups * c, m, windows.kernel);
    }

    Attributes forth() {
      return windows.attributes().with(Conv.GROUP, (long) groups);
    }

    Attributes back() {
      int[] pads = new int[2 * windows.rank];
      int[] more = new int[windows.rank];
      for (int i = 0; i < windows.rank; i++) {
        pads[i] = windows.padding(i)[0];
        pads[i + windows.rank] = windows.padding(i)[1];
        int extent = (windows.kernel[i] - 1) * windows.dilations[i] + 1;
        int full = windows.strides[i] * (windows.output(i) - 1) + extent - pads[i];
        more[i] = windows.input[i] - (full - pads[i + windows.rank]);
      }
      return forth()
          .with(WindowGeometry.AUTO_PAD, "NOTSET")
          .with(WindowGeometry.PADS, DrawnCall.list(pads))
          .with(ConvTranspose.OUTPUT_PADDING, DrawnCall.list(more));
    }

    private static long[] sizes(int first, int second, int... rest) {
      long[] sizes = new long[rest.length + 2];
      Arrays.setAll(sizes, i -> i == 0 ? first : i == 1 ? second : rest[i - 2]);
      return sizes;
    }
  }

  private static double dot(Tensor a, Tensor b) {
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  @Property(tries = 200)
  void isTheTransposeOfConv(@ForAll long seed) {
    Drawn drawn = Drawn.of(seed);
    Tensor w = DrawnCall.integers(drawn.random, drawn.weights());
    Tensor image = DrawnCall.integers(drawn.random, drawn.image());
    Tensor map = DrawnCall.integers(drawn.random, drawn.map());
    Tensor forth =
        new DrawnCall(new Conv(), drawn.forth(), List.of(image, w), 1, drawn.random).result();
    Tensor back =
        new DrawnCall(new ConvTranspose(), drawn.back(), List.of(map, w), 1, drawn.random).result();
    assertThat(back.shape()).isEqualTo(Shape.of(drawn.image()));
    assertThat(dot(forth, map)).as("%s", drawn).isEqualTo(dot(image, back));
  }

  @Property(tries = 100)
  void resultsLieInRangesAndMoveByNoMoreThanTheirErrors(@ForAll long seed) {
    Drawn drawn = Drawn.of(seed);
    Tensor w = DrawnCall.reals(drawn.random, drawn.weights());
    Tensor map = DrawnCall.reals(drawn.random, drawn.map());
    Tensor bias = DrawnCall.reals(drawn.random, (long) drawn.groups * drawn.m);
    new DrawnCall(new ConvTranspose(), drawn.back(), List.of(map, w, bias), 1, drawn.random)
        .checkPromises();
  }
}
