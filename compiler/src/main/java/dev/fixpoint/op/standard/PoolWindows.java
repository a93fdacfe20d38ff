package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Which elements of each plane of {@code X [N,C,…]} a pooling operator takes together. */
enum PoolWindows {
  /** Windows given by attributes. */
  SLIDING {
    @Override
    List<Dimension> output(OpCall call, List<Dimension> spatial) {
      return WindowGeometry.outputSizes(call.attributes(), spatial, kernel(call, spatial.size()));
    }

    @Override
    WindowGeometry geometry(OpCall call) {
      int[] input = spatial(call);
      return WindowGeometry.of(call.attributes(), input, kernel(call, input.length))
          .inThreeDimensions();
    }

    @Override
    boolean mayBeEmptyAtAnySize(OpCall call) {
      int rank = call.get(WindowGeometry.KERNEL_SHAPE).size();
      return WindowRule.of(call.attributes(), kernel(call, rank)).mayMissInput();
    }

    private int[] kernel(OpCall call, int rank) {
      List<Long> kernel = call.get(WindowGeometry.KERNEL_SHAPE);
      if (kernel.size() != rank) {
        throw new IllegalArgumentException(
            "attribute 'kernel_shape' should have " + rank + " entries, but is " + kernel);
      }
      return kernel.stream().mapToInt(Math::toIntExact).toArray();
    }
  },

  /** One window over the whole plane. */
  GLOBAL {
    @Override
    List<Dimension> output(OpCall call, List<Dimension> spatial) {
      return Collections.nCopies(spatial.size(), Dimension.of(1));
    }

    @Override
    WindowGeometry geometry(OpCall call) {
      int count = Arrays.stream(spatial(call)).reduce(1, Math::multiplyExact);
      WindowGeometry.Axis all = new WindowGeometry.Axis(count, count, 1, 1, 0, 0, 1);
      return new WindowGeometry(List.of(all)).inThreeDimensions();
    }

    @Override
    boolean mayBeEmptyAtAnySize(OpCall call) {
      return true;
    }
  };

  /** Combines the taps of one window. */
  @FunctionalInterface
  interface Reduction {
    /**
     * The result of a window.
     *
     * @param x elements of all planes
     * @param plane position of the first element of the plane
     * @param taps positions of the window's taps within the plane, of those inside the input
     * @param count how many of them there are
     * @param padded how many there are with those in the pads
     */
    double of(double[] x, int plane, int[] taps, int count, int padded);
  }

  abstract List<Dimension> output(OpCall call, List<Dimension> spatial);

  private static int[] spatial(OpCall call) {
    Shape x = call.type(0).shape();
    int[] sizes = new int[x.rank() - 2];
    Arrays.setAll(sizes, i -> x.intSize(i + 2));
    return sizes;
  }

  /** The windows of a call whose spatial dimensions are known, in three dimensions. */
  abstract WindowGeometry geometry(OpCall call);

  /** The shape of the result, as far as known. */
  Shape shape(OpCall call) {
    Shape x = call.type(0).shape();
    if (!x.isRanked()) {
      return x;
    }
    if (x.rank() < 2) {
      throw new IllegalArgumentException("X should be [N,C,…], but is " + x);
    }
    List<Dimension> sizes = new ArrayList<>(x.dimensions().subList(0, 2));
    sizes.addAll(output(call, x.dimensions().subList(2, x.rank())));
    return Shape.of(sizes);
  }

  /** The results of all windows of all planes. */
  double[] reduce(OpCall call, double[] x, Reduction reduction) {
    WindowGeometry geometry = geometry(call);
    Shape shape = call.type(0).shape();
    int planes = Math.multiplyExact(shape.intSize(0), shape.intSize(1));
    int plane = geometry.inputCount();
    int windows = geometry.outputCount();
    double[] y = new double[Math.multiplyExact(planes, windows)];
    int[] taps = new int[Math.min(geometry.kernelCount(), plane)];
    for (int window = 0; window < windows; window++) {
      int[] counts = gather(geometry, window, taps);
      for (int p = 0; p < planes; p++) {
        y[p * windows + window] = reduction.of(x, p * plane, taps, counts[0], counts[1]);
      }
    }
    return y;
  }

  /** Collects the taps of a window; returns how many are inside the input, and inside its pads. */
  private static int[] gather(WindowGeometry geometry, int window, int[] taps) {
    WindowGeometry.Axis depth = geometry.axes().get(0);
    WindowGeometry.Axis rows = geometry.axes().get(1);
    WindowGeometry.Axis columns = geometry.axes().get(2);
    int ox = window % columns.output();
    int oy = window / columns.output() % rows.output();
    int oz = window / columns.output() / rows.output();
    int count = 0;
    for (int kz = depth.firstTap(oz); kz < depth.endTap(oz); kz++) {
      int z = depth.start(oz) + kz * depth.dilation();
      for (int ky = rows.firstTap(oy); ky < rows.endTap(oy); ky++) {
        int y = rows.start(oy) + ky * rows.dilation();
        for (int kx = columns.firstTap(ox); kx < columns.endTap(ox); kx++) {
          int x = columns.start(ox) + kx * columns.dilation();
          taps[count++] = (z * rows.input() + y) * columns.input() + x;
        }
      }
    }
    int padded = depth.endPaddedTap(oz) * rows.endPaddedTap(oy) * columns.endPaddedTap(ox);
    return new int[] {count, padded};
  }

  /** An upper bound of the number of taps of a window; the largest int where nothing is known. */
  int mostTaps(OpCall call) {
    Shape x = call.type(0).shape();
    boolean known = x.isRanked() && x.dimensions().stream().skip(2).allMatch(Dimension::isFixed);
    return known ? geometry(call).kernelCount() : Integer.MAX_VALUE;
  }

  /** Whether some window may have no tap inside the input, as far as known. */
  boolean mayBeEmpty(OpCall call) {
    Shape x = call.type(0).shape();
    if (x.isRanked() && x.dimensions().stream().skip(2).allMatch(Dimension::isFixed)) {
      return geometry(call).axes().stream().anyMatch(WindowGeometry.Axis::hasEmptyWindow);
    }
    return mayBeEmptyAtAnySize(call);
  }

  /** Whether some window may have no tap inside the input, for some size of it. */
  abstract boolean mayBeEmptyAtAnySize(OpCall call);
}
