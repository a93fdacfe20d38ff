package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.op.standard.Activation;
import java.util.Arrays;

/**
 * What happens to the accumulator of an output element before it is stored: a fixed sequence of
 * float32 operations, each correctly rounded, the same in every implementation.
 *
 * @param kind which sequence
 * @param factors factor of each output channel, with {@link #SLACK} entries more
 * @param activation activation, none where {@code kind} is {@code CLAMP}
 * @param outScale scale of the output; 1 for float outputs
 * @param outZero zero point of the output
 * @param low smallest integer stored
 * @param high largest integer stored
 * @param residual what is added before the activation
 * @param small whether every scaled accumulator is below 2^21 in magnitude, by proof
 * @param shifts what is added to each output channel where {@code kind} is {@code SHIFTED}, with
 *     {@link #SLACK} entries more
 */
public record Epilogue(
    Kind kind,
    float[] factors,
    Activation activation,
    float outScale,
    int outZero,
    int low,
    int high,
    Residual residual,
    boolean small,
    float[] shifts) {
  /** Entries beyond the last channel that {@link #factors} has, for whole vectors. */
  public static final int SLACK = 64;

  private static final float[] NO_SHIFTS = {};

  private static final double SMALL = 1 << 21;

  /** The sequences of operations. */
  public enum Kind {
    /** {@code act(acc + residual)}, a float. */
    PLAIN,
    /** {@code act(acc * factor + residual)}, a float. */
    FLOAT,
    /** {@code acc * factor + shift}, a float. */
    SHIFTED,
    /** {@code clamp(rint(acc * factor) + zero)}. */
    CLAMP,
    /** {@code saturate(rint(act(acc * factor + residual) / scale) + zero)}. */
    GENERAL
  }

  /**
   * The second summand of an output element.
   *
   * @param kind none, bytes or floats
   * @param unsigned whether bytes are to be read as 0 to 255
   * @param zeroPoint zero point of bytes
   * @param scale scale of bytes
   */
  public record Residual(Source kind, boolean unsigned, int zeroPoint, float scale) {
    /** Where it comes from. */
    public enum Source {
      /** There is none. */
      NONE,
      /** An 8-bit tensor. */
      BYTES,
      /** A float32 tensor. */
      FLOATS
    }

    /** No second summand. */
    public static final Residual NONE = new Residual(Source.NONE, false, 0, 1);

    /** A float32 tensor. */
    public static final Residual FLOATS = new Residual(Source.FLOATS, false, 0, 1);
  }

  /** Float outputs of float accumulators. */
  public static Epilogue plain(Activation activation, boolean hasResidual) {
    Residual residual = hasResidual ? Residual.FLOATS : Residual.NONE;
    return new Epilogue(
        Kind.PLAIN, new float[SLACK], activation, 1, 0, 0, 0, residual, false, NO_SHIFTS);
  }

  /** Float outputs of integer accumulators. */
  public static Epilogue toFloat(float[] factors, Activation activation, Residual residual) {
    float[] padded = Arrays.copyOf(factors, factors.length + SLACK);
    return new Epilogue(Kind.FLOAT, padded, activation, 1, 0, 0, 0, residual, false, NO_SHIFTS);
  }

  /** Float outputs of integer accumulators, a constant added to each channel. */
  public static Epilogue shifted(float[] factors, float[] shifts) {
    return new Epilogue(
        Kind.SHIFTED,
        Arrays.copyOf(factors, factors.length + SLACK),
        Activation.NONE,
        1,
        0,
        0,
        0,
        Residual.NONE,
        false,
        Arrays.copyOf(shifts, shifts.length + SLACK));
  }

  /**
   * Integer outputs by one multiplication, the activation being a clamp to [low, high].
   *
   * @param magnitudes largest accumulator of each channel
   */
  public static Epilogue clamp(float[] factors, int outZero, int low, int high, long[] magnitudes) {
    boolean small = true;
    for (int c = 0; c < factors.length; c++) {
      small &= (double) magnitudes[c] * factors[c] < SMALL;
    }
    float[] padded = Arrays.copyOf(factors, factors.length + SLACK);
    return new Epilogue(
        Kind.CLAMP,
        padded,
        Activation.NONE,
        1,
        outZero,
        low,
        high,
        Residual.NONE,
        small,
        NO_SHIFTS);
  }

  /** Integer outputs by way of a real number. */
  public static Epilogue general(
      float[] factors,
      Activation activation,
      float outScale,
      int outZero,
      boolean unsigned,
      Residual residual) {
    float[] padded = Arrays.copyOf(factors, factors.length + SLACK);
    int low = unsigned ? 0 : Byte.MIN_VALUE;
    return new Epilogue(
        Kind.GENERAL,
        padded,
        activation,
        outScale,
        outZero,
        low,
        low + 255,
        residual,
        false,
        NO_SHIFTS);
  }

  /** The float result of an accumulator. */
  public float real(float accumulator, int channel, float residualValue) {
    float scaled = accumulator * factors[channel];
    if (kind == Kind.SHIFTED) {
      return scaled + shifts[channel];
    }
    if (residual.kind() != Residual.Source.NONE) {
      scaled = scaled + residualValue;
    }
    return activation.applyFloat(scaled);
  }

  /** The integer result of an accumulator. */
  public byte integer(float accumulator, int channel, float residualValue) {
    if (kind == Kind.CLAMP) {
      return saturate(accumulator * factors[channel]);
    }
    return saturate(real(accumulator, channel, residualValue) / outScale);
  }

  /** The real value of a residual byte. */
  public float residualOf(byte stored) {
    int integer = residual.unsigned() ? stored & 0xff : stored;
    return (float) (integer - residual.zeroPoint()) * residual.scale();
  }

  private byte saturate(float value) {
    return Rounder.saturate(value, outZero, low, high);
  }
}
