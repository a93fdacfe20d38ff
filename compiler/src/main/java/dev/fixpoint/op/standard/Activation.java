package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import java.util.List;

/**
 * The activation function of a fused operator, with its parameters. Each has two evaluations: the
 * reference in double, and {@link #applyFloat}, a fixed sequence of float32 operations that integer
 * kernels follow to the bit.
 */
public sealed interface Activation {
  /** Which activation a fused operator ends with; empty for none. */
  Attribute<String> KIND = Attribute.ofString("activation", "");

  /** Its parameters, in the order of the records here. */
  Attribute<List<Float>> PARAMETERS =
      Attribute.ofFloats("activation_params").withDefault(List.of());

  /** No activation. */
  Activation NONE = new None();

  /** The function in double, from a float32 argument or a double one. */
  double apply(double x);

  /** The function as a fixed sequence of float32 operations. */
  float applyFloat(float x);

  /** The image of an interval, rounded outward. */
  Interval image(Interval x);

  /** A Lipschitz constant. */
  double lipschitz();

  /** The name in attribute {@link #KIND}. */
  String kind();

  /** The values in attribute {@link #PARAMETERS}. */
  default List<Float> parameters() {
    return List.of();
  }

  /** Whether the function is a clamp to an interval, which commutes with any monotone quantizer. */
  default boolean isClamp() {
    return this instanceof None || this instanceof Relu || this instanceof Clip;
  }

  /** Attributes of a fused operator that ends with this activation. */
  default Attributes addTo(Attributes attributes) {
    Attributes named = attributes.with(KIND, kind());
    return parameters().isEmpty() ? named : named.with(PARAMETERS, parameters());
  }

  /**
   * The activation that attributes name.
   *
   * @throws IllegalArgumentException if there is none of that name or parameters are missing
   */
  static Activation of(Attributes attributes) {
    List<Float> p = attributes.get(PARAMETERS);
    String kind = attributes.get(KIND);
    int expected =
        switch (kind) {
          case "LeakyRelu" -> 1;
          case "Clip", "HardSigmoid" -> 2;
          default -> 0;
        };
    if (p.size() != expected) {
      throw new IllegalArgumentException(
          "activation '" + kind + "' takes " + expected + " parameters, not " + p.size());
    }
    return switch (kind) {
      case "" -> NONE;
      case "Relu" -> new Relu();
      case "Clip" -> new Clip(p.get(0), p.get(1));
      case "LeakyRelu" -> new LeakyRelu(p.get(0));
      case "HardSigmoid" -> new HardSigmoid(p.get(0), p.get(1));
      case "HardSwish" -> new HardSwish();
      case "Swish" -> new Swish();
      default -> throw new IllegalArgumentException("there is no activation '" + kind + "'");
    };
  }

  /** The identity. */
  record None() implements Activation {
    @Override
    public double apply(double x) {
      return x;
    }

    @Override
    public float applyFloat(float x) {
      return x;
    }

    @Override
    public Interval image(Interval x) {
      return x;
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String kind() {
      return "";
    }
  }

  /** {@code max(x, 0)}. */
  record Relu() implements Activation {
    @Override
    public double apply(double x) {
      return Math.max(x, 0);
    }

    @Override
    public float applyFloat(float x) {
      return Math.max(x, 0);
    }

    @Override
    public Interval image(Interval x) {
      return x.clamped(0, Double.POSITIVE_INFINITY);
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String kind() {
      return "Relu";
    }
  }

  /**
   * {@code min(max(x, low), high)}.
   *
   * @param low lower bound
   * @param high upper bound, which wins where it is below the lower one
   */
  record Clip(float low, float high) implements Activation {
    @Override
    public double apply(double x) {
      return Math.min(Math.max(x, low), high);
    }

    @Override
    public float applyFloat(float x) {
      return Math.min(Math.max(x, low), high);
    }

    @Override
    public Interval image(Interval x) {
      return new Interval(apply(x.low()), apply(x.high()));
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String kind() {
      return "Clip";
    }

    @Override
    public List<Float> parameters() {
      return List.of(low, high);
    }
  }

  /**
   * {@code x} for {@code x >= 0}, else {@code alpha · x}.
   *
   * @param alpha slope on the negative side
   */
  record LeakyRelu(float alpha) implements Activation {
    @Override
    public double apply(double x) {
      return x >= 0 ? x : alpha * x;
    }

    @Override
    public float applyFloat(float x) {
      return x >= 0 ? x : alpha * x;
    }

    @Override
    public Interval image(Interval x) {
      Interval negative = x.clamped(Double.NEGATIVE_INFINITY, 0).times(alpha);
      Interval positive = x.clamped(0, Double.POSITIVE_INFINITY);
      if (x.low() >= 0) {
        return positive;
      }
      return x.high() <= 0 ? negative : negative.join(positive);
    }

    @Override
    public double lipschitz() {
      return Math.max(1, Math.abs(alpha));
    }

    @Override
    public String kind() {
      return "LeakyRelu";
    }

    @Override
    public List<Float> parameters() {
      return List.of(alpha);
    }
  }

  /**
   * {@code max(0, min(1, alpha · x + beta))}.
   *
   * @param alpha slope
   * @param beta offset
   */
  record HardSigmoid(float alpha, float beta) implements Activation {
    @Override
    public double apply(double x) {
      return Math.clamp((double) alpha * x + beta, 0, 1);
    }

    @Override
    public float applyFloat(float x) {
      float scaled = alpha * x;
      return Math.max(0, Math.min(1, scaled + beta));
    }

    @Override
    public Interval image(Interval x) {
      return x.times(alpha).plus(Interval.point(beta)).clamped(0, 1);
    }

    @Override
    public double lipschitz() {
      return Math.abs(alpha);
    }

    @Override
    public String kind() {
      return "HardSigmoid";
    }

    @Override
    public List<Float> parameters() {
      return List.of(alpha, beta);
    }
  }

  /** {@code x · max(0, min(1, x / 6 + 0.5))}: ONNX HardSwish, with 1/6 as float32 in both forms. */
  record HardSwish() implements Activation {
    private static final float SIXTH = 1 / 6f;
    private static final double MINIMUM = -0.375;

    @Override
    public double apply(double x) {
      return x * Math.clamp(x * SIXTH + 0.5, 0, 1);
    }

    @Override
    public float applyFloat(float x) {
      float scaled = x * SIXTH;
      return x * Math.max(0, Math.min(1, scaled + 0.5f));
    }

    @Override
    public Interval image(Interval x) {
      // Falls from -3 to -1.5, rises from there on; float32 1/6 moves both by far less than 1e-6.
      double ends = Math.max(atEnd(x.low()), atEnd(x.high()));
      double low = Math.min(atEnd(x.low()), atEnd(x.high()));
      boolean holdsMinimum = x.low() <= -1.5 && x.high() >= -1.5;
      return new Interval(holdsMinimum ? Math.min(low, MINIMUM) : low, ends).widened(slack(x));
    }

    // Zero from below -3 on, also at minus infinity, where the formula has no value.
    private double atEnd(double x) {
      return x < -4 ? 0 : apply(x);
    }

    private static double slack(Interval x) {
      return Math.ulp((float) Math.min(x.magnitude(), Float.MAX_VALUE)) + 1e-6;
    }

    @Override
    public double lipschitz() {
      return 1.5000002;
    }

    @Override
    public String kind() {
      return "HardSwish";
    }
  }

  /**
   * {@code x / (1 + e^-x)}, also called SiLU: ONNX Swish with alpha 1. Its minimum and steepest
   * slope were computed to 40 digits.
   */
  record Swish() implements Activation {
    private static final double LOWEST = -1.2784645427610738;
    private static final double STEEPEST = 1.0998393201288671;

    @Override
    public double apply(double x) {
      return x * Logistic.sigmoid(x);
    }

    @Override
    public float applyFloat(float x) {
      return x * FloatExponential.logistic(x);
    }

    @Override
    public Interval image(Interval x) {
      return Images.bent(this::apply, LOWEST, x);
    }

    @Override
    public double lipschitz() {
      return STEEPEST;
    }

    @Override
    public String kind() {
      return "Swish";
    }
  }
}
