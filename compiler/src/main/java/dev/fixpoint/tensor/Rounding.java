package dev.fixpoint.tensor;

/** How a real number becomes an integer. */
public enum Rounding {
  /** To the nearest integer, ties to the even one: ONNX QuantizeLinear. */
  HALF_EVEN {
    @Override
    public double round(double value) {
      return Math.rint(value);
    }
  },
  /** To the nearest integer, ties away from zero: fixed-point requantizers of TFLite. */
  HALF_AWAY {
    @Override
    public double round(double value) {
      double truncated = value < 0 ? Math.ceil(value) : Math.floor(value);
      return Math.abs(value - truncated) >= 0.5 ? truncated + Math.signum(value) : truncated;
    }
  },
  /** Towards negative infinity: FLOOR of QONNX. */
  FLOOR {
    @Override
    public double round(double value) {
      return Math.floor(value);
    }
  },
  /** Towards positive infinity: CEIL of QONNX. */
  CEIL {
    @Override
    public double round(double value) {
      return Math.ceil(value);
    }
  };

  /** The integer that {@code value} becomes; NaN and infinities stay what they are. */
  public abstract double round(double value);
}
