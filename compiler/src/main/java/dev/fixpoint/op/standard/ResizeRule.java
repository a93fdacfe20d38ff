package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import java.util.Locale;

/**
 * How Resize finds the place of an output index in the input, and how it weighs what lies around.
 *
 * @param mode interpolation
 * @param coordinates from output to input coordinates
 * @param rounding choice between two neighbours, for the nearest one
 * @param cubic the coefficient of cubic interpolation
 * @param excludesOutside whether taps outside the input weigh nothing, rather than repeat the
 *     border
 * @param antialias whether the kernel is widened when the output is smaller
 */
record ResizeRule(
    Mode mode,
    Coordinates coordinates,
    Rounding rounding,
    double cubic,
    boolean excludesOutside,
    boolean antialias) {
  enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  enum Coordinates {
    HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    PYTORCH_HALF_PIXEL,
    ALIGN_CORNERS,
    ASYMMETRIC,
    TF_CROP_AND_RESIZE
  }

  enum Rounding {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL
  }

  static ResizeRule of(OpCall call) {
    return new ResizeRule(
        named(Mode.class, call.get(Resize.MODE)),
        named(Coordinates.class, call.get(Resize.COORDINATE_TRANSFORMATION_MODE)),
        named(Rounding.class, call.get(Resize.NEAREST_MODE)),
        call.get(Resize.CUBIC_COEFF_A),
        call.attributes().isSet(Resize.EXCLUDE_OUTSIDE),
        call.attributes().isSet(Resize.ANTIALIAS));
  }

  static <E extends Enum<E>> E named(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "there is no " + type.getSimpleName().toLowerCase(Locale.ROOT) + " '" + name + "'");
  }

  /** Where an output index lies in the input. */
  double place(int index, int input, int output, double scale, double start, double end) {
    double resized = scale * input;
    return switch (coordinates) {
      case HALF_PIXEL -> (index + 0.5) / scale - 0.5;
      case HALF_PIXEL_SYMMETRIC -> {
        double center = input / 2.0;
        yield center * (1 - output / resized) + (index + 0.5) / scale - 0.5;
      }
      case PYTORCH_HALF_PIXEL -> output == 1 ? -0.5 : (index + 0.5) / scale - 0.5;
      case ALIGN_CORNERS -> output == 1 ? 0 : index * (input - 1) / (resized - 1);
      case ASYMMETRIC -> index / scale;
      case TF_CROP_AND_RESIZE -> {
        double last = input - 1;
        double inside =
            output == 1 ? (end - start) * last / 2 : index * (end - start) * last / (resized - 1);
        yield start * last + inside;
      }
    };
  }

  /** How far the kernel reaches on either side, in input steps. */
  int reach(double scale) {
    double widening = antialias && scale < 1 ? 1 / scale : 1;
    int half = mode == Mode.CUBIC ? 2 : 1;
    return Math.toIntExact((long) Math.ceil(half * widening));
  }

  /** The weight of a tap at a distance from the place. */
  double weight(double distance, double scale) {
    double x = Math.abs(distance) * (antialias ? Math.min(scale, 1) : 1);
    if (mode == Mode.LINEAR) {
      return Math.max(0, 1 - x);
    }
    double a = cubic;
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }

  /** The index nearest to a place. */
  int nearest(double place) {
    double floor = Math.floor(place);
    double rest = place - floor;
    boolean up =
        switch (rounding) {
          case ROUND_PREFER_FLOOR -> rest > 0.5;
          case ROUND_PREFER_CEIL -> rest >= 0.5;
          case FLOOR -> false;
          case CEIL -> rest > 0;
        };
    return (int) floor + (up ? 1 : 0);
  }
}
