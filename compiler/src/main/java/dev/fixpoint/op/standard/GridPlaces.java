package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;

/** The taps and weights with which GridSample reads a place, one place at a time. */
final class GridPlaces {
  private static final double CUBIC = -0.75;

  /** Interpolation. */
  enum Mode {
    LINEAR,
    NEAREST,
    CUBIC;

    /** The mode of a call; the names of opset 16 are understood. */
    static Mode of(OpCall call) {
      return switch (call.get(GridSample.MODE)) {
        case "linear", "bilinear" -> LINEAR;
        case "nearest" -> NEAREST;
        case "cubic", "bicubic" -> CUBIC;
        default ->
            throw new IllegalArgumentException(
                "there is no mode '" + call.get(GridSample.MODE) + "'");
      };
    }
  }

  /** What lies outside the image. */
  enum Outside {
    ZEROS,
    BORDER,
    REFLECTION;

    static Outside of(OpCall call) {
      return ResizeRule.named(Outside.class, call.get(GridSample.PADDING_MODE));
    }
  }

  private final Mode mode;
  private final Outside outside;
  private final boolean aligned;
  private final int[] sizes;
  private final int[] strides;
  private final int[][] taps;
  private final double[][] weights;

  GridPlaces(OpCall call, int[] sizes) {
    this.mode = Mode.of(call);
    this.outside = Outside.of(call);
    this.aligned = call.attributes().isSet(GridSample.ALIGN_CORNERS);
    this.sizes = sizes;
    this.strides = Elements.strides(sizes);
    int count = mode == Mode.NEAREST ? 1 : mode == Mode.LINEAR ? 2 : 4;
    this.taps = new int[sizes.length][count];
    this.weights = new double[sizes.length][count];
  }

  /** Moves to the place with the normalized coordinates at a position of the grid, x first. */
  void moveTo(double[] grid, int at) {
    for (int axis = 0; axis < sizes.length; axis++) {
      double normalized = grid[at + sizes.length - 1 - axis];
      double place =
          aligned
              ? (normalized + 1) / 2 * (sizes[axis] - 1)
              : ((normalized + 1) * sizes[axis] - 1) / 2;
      moveTo(axis, place);
    }
  }

  private void moveTo(int axis, double place) {
    if (mode == Mode.NEAREST) {
      double rounded = Math.rint(place);
      taps[axis][0] = inside(axis, inside(rounded, sizes[axis]));
      weights[axis][0] = 1;
      return;
    }
    double moved = inside(place, sizes[axis]);
    double floor = Math.floor(moved);
    double rest = moved - floor;
    int count = taps[axis].length;
    for (int k = 0; k < count; k++) {
      int offset = k + 1 - count / 2;
      taps[axis][k] = inside(axis, floor + offset);
      double distance = Math.abs(offset - rest);
      weights[axis][k] = mode == Mode.LINEAR ? Math.max(0, 1 - distance) : cubic(distance);
    }
  }

  private static double cubic(double x) {
    if (x <= 1) {
      return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }
    return x < 2 ? ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC : 0;
  }

  /** A place moved into the image where what lies outside is made of its elements. */
  private double inside(double place, int size) {
    double low = aligned ? 0 : -0.5;
    double high = aligned ? size - 1 : size - 0.5;
    if (place >= low && place <= high) {
      return place;
    }
    return switch (outside) {
      case ZEROS -> place;
      case BORDER -> Math.clamp(place, 0, Math.max(size - 1, 0));
      case REFLECTION -> reflected(place, low, high);
    };
  }

  private static double reflected(double place, double low, double high) {
    double width = high - low;
    if (!(width > 0) || !Double.isFinite(place)) {
      return low;
    }
    double from = place < low ? low - place : place - high;
    double turns = Math.floor(from / width);
    double rest = from - turns * width;
    boolean atLow = (place < low) == (turns % 2 == 0);
    return atLow ? low + rest : high - rest;
  }

  /** The offset in the plane of a tap along an axis, or -1 for one that counts as zero. */
  private int inside(int axis, double tap) {
    int size = sizes[axis];
    if (tap >= 0 && tap < size) {
      return ((int) tap) * strides[axis];
    }
    return switch (outside) {
      case ZEROS -> -1;
      case BORDER -> size == 0 ? -1 : ((int) Math.clamp(tap, 0, size - 1)) * strides[axis];
      case REFLECTION -> {
        double low = aligned ? 0 : -0.5;
        int at = (int) reflected(tap, low, aligned ? size - 1 : size - 0.5);
        yield size == 0 ? -1 : Math.clamp(at, 0, size - 1) * strides[axis];
      }
    };
  }

  /** The weighted sum of the plane that begins at a position. */
  double sample(double[] x, int from) {
    int[] index = new int[sizes.length];
    double sum = 0;
    int combinations = 1;
    for (int[] along : taps) {
      combinations *= along.length;
    }
    for (int i = 0; i < combinations; i++) {
      unravel(i, index);
      double weight = 1;
      int position = from;
      for (int axis = 0; axis < index.length && position >= 0; axis++) {
        int tap = taps[axis][index[axis]];
        weight *= weights[axis][index[axis]];
        position = tap < 0 ? -1 : position + tap;
      }
      sum += position < 0 ? 0 : weight * x[position];
    }
    return sum;
  }

  private void unravel(int combination, int... index) {
    int rest = combination;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = rest % taps[axis].length;
      rest /= taps[axis].length;
    }
  }
}
