package dev.fixpoint.op.standard;

/**
 * The rules by which a number becomes a power of two of type float8e8m0: ONNX Cast, opset 24, after
 * OCP Microscaling Formats 1.0. Negative numbers, for which ONNX leaves it open, become NaN.
 *
 * @param roundMode up, down, or nearest with ties up
 * @param saturate whether numbers out of range become the nearest power instead of NaN
 */
record PowerOfTwo(String roundMode, boolean saturate) {
  private static final int BIAS = 127;
  private static final int NAN = 255;
  private static final double LARGEST = 0x1p127;
  private static final double SMALLEST = 0x1p-127;

  /** Refuses an unknown mode. */
  PowerOfTwo {
    if (!roundMode.equals("up") && !roundMode.equals("down") && !roundMode.equals("nearest")) {
      throw new IllegalArgumentException(
          "attribute 'round_mode' should be 'up', 'down' or 'nearest', but is '" + roundMode + "'");
    }
  }

  /** The bits of the power: its exponent plus 127. */
  long code(double x) {
    boolean fits = x >= SMALLEST && x <= LARGEST;
    if (Double.isNaN(x) || x < 0 || (!fits && !saturate)) {
      return NAN;
    }
    double clamped = Math.clamp(x, SMALLEST, LARGEST);
    int exponent = Math.getExponent(clamped);
    double fraction = clamped / Math.scalb(1.0, exponent);
    boolean up =
        switch (roundMode) {
          case "up" -> fraction > 1;
          case "nearest" -> fraction >= 1.5;
          default -> false;
        };
    return exponent + BIAS + (up ? 1 : 0);
  }
}
