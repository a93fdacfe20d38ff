package dev.fixpoint.tensor;

import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a quantization: scale and zero point, per tensor, per index of an axis, or per
 * block along an axis; and the only place with the arithmetic.
 *
 * <p>Quantize (ONNX QuantizeLinear): {@code q = saturate(round(x / scale) + zeroPoint)}, the
 * division in float32, the rounding half to even, the zero point added after it; NaN becomes the
 * smallest integer. Dequantize (ONNX DequantizeLinear): {@code x = (q - zeroPoint) * scale},
 * rounded once to float32.
 */
public final class QuantParams {
  private static final int PER_TENSOR = Integer.MIN_VALUE;

  private final ElementType elementType;
  private final float[] scales;
  private final long[] zeroPoints;
  private final int axis;
  private final int blockSize;
  private final Rounding rounding;

  private QuantParams(
      ElementType elementType,
      float[] scales,
      long[] zeroPoints,
      int axis,
      int blockSize,
      Rounding rounding) {
    if (!elementType.isInteger()) {
      throw new IllegalArgumentException("cannot quantize to " + elementType.text());
    }
    if (scales.length != zeroPoints.length) {
      throw new IllegalArgumentException(
          scales.length + " scales but " + zeroPoints.length + " zero points");
    }
    for (int i = 0; i < scales.length; i++) {
      requireParameter(elementType, scales[i], zeroPoints[i]);
    }
    this.elementType = elementType;
    this.scales = scales;
    this.zeroPoints = zeroPoints;
    this.axis = axis;
    this.blockSize = blockSize;
    this.rounding = rounding;
  }

  private static void requireParameter(ElementType elementType, float scale, long zeroPoint) {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException("a scale must be positive and finite: " + scale);
    }
    if (zeroPoint < elementType.minInteger() || zeroPoint > elementType.maxInteger()) {
      throw new IllegalArgumentException(
          "zero point " + zeroPoint + " does not fit " + elementType.text());
    }
  }

  /** One scale and zero point for the whole tensor. */
  public static QuantParams perTensor(ElementType elementType, float scale, long zeroPoint) {
    return new QuantParams(
        elementType,
        new float[] {scale},
        new long[] {zeroPoint},
        PER_TENSOR,
        0,
        Rounding.HALF_EVEN);
  }

  /** One scale and zero point for each index of {@code axis} (0 or more). */
  public static QuantParams perAxis(
      ElementType elementType, int axis, float[] scales, long[] zeroPoints) {
    return new QuantParams(
        elementType, scales.clone(), zeroPoints.clone(), axis, 0, Rounding.HALF_EVEN);
  }

  /**
   * One scale and zero point for each block of {@code blockSize} indices of {@code axis}; they are
   * given in row-major order of the tensor with that axis shortened to its number of blocks (ONNX
   * QuantizeLinear, opset 21).
   */
  public static QuantParams perBlock(
      ElementType elementType, int axis, int blockSize, float[] scales, long[] zeroPoints) {
    if (blockSize < 1) {
      throw new IllegalArgumentException("a block holds at least one element: " + blockSize);
    }
    return new QuantParams(
        elementType, scales.clone(), zeroPoints.clone(), axis, blockSize, Rounding.HALF_EVEN);
  }

  /**
   * The parameters that map [min, max], widened to hold zero, onto the whole integer range: {@code
   * scale = (max - min) / (qmax - qmin)} in double and rounded to float32, then {@code zeroPoint =
   * round(qmin - min / scale)} from the rounded scale. An empty range around zero gets scale 1.
   */
  public static QuantParams asymmetric(ElementType elementType, double min, double max) {
    requireFinite(min, max);
    double low = Math.min(min, 0);
    double high = Math.max(max, 0);
    long qmin = elementType.minInteger();
    long qmax = elementType.maxInteger();
    float scale = usableScale((high - low) / (qmax - qmin));
    long zeroPoint = Math.clamp((long) Math.rint(qmin - low / scale), qmin, qmax);
    return perTensor(elementType, scale, zeroPoint);
  }

  /**
   * The parameters that map [-magnitude, magnitude] symmetrically: signed types use [-qmax, qmax]
   * with zero point 0, so that negation is safe; unsigned ones the middle of their range.
   */
  public static QuantParams symmetric(ElementType elementType, double magnitude) {
    requireFinite(-magnitude, magnitude);
    long zeroPoint = symmetricZeroPoint(elementType);
    return perTensor(elementType, symmetricScale(elementType, magnitude), zeroPoint);
  }

  /** As {@link #symmetric}, with a magnitude for each index of {@code axis}. */
  public static QuantParams symmetricPerAxis(
      ElementType elementType, int axis, double[] magnitudes) {
    float[] scales = new float[magnitudes.length];
    long[] zeroPoints = new long[magnitudes.length];
    for (int i = 0; i < magnitudes.length; i++) {
      requireFinite(-magnitudes[i], magnitudes[i]);
      scales[i] = symmetricScale(elementType, magnitudes[i]);
    }
    Arrays.fill(zeroPoints, symmetricZeroPoint(elementType));
    return new QuantParams(elementType, scales, zeroPoints, axis, 0, Rounding.HALF_EVEN);
  }

  private static float symmetricScale(ElementType elementType, double magnitude) {
    long steps = elementType.maxInteger() - symmetricZeroPoint(elementType);
    return usableScale(magnitude / steps);
  }

  private static long symmetricZeroPoint(ElementType elementType) {
    return elementType.isSigned() ? 0 : (elementType.maxInteger() + 1) / 2;
  }

  private static float usableScale(double exact) {
    float scale = (float) exact;
    return scale < Float.MIN_NORMAL ? 1 : scale;
  }

  private static void requireFinite(double min, double max) {
    if (!(min <= max) || Double.isInfinite(min) || Double.isInfinite(max)) {
      throw new IllegalArgumentException("not a finite range: [" + min + ", " + max + "]");
    }
  }

  /** The integer type that values are quantized to. */
  public ElementType elementType() {
    return elementType;
  }

  /** Number of scale and zero point pairs. */
  public int count() {
    return scales.length;
  }

  /** The scale with the given index. */
  public float scale(int index) {
    return scales[index];
  }

  /** The zero point with the given index. */
  public long zeroPoint(int index) {
    return zeroPoints[index];
  }

  /** All scales. */
  public float[] scales() {
    return scales.clone();
  }

  /** All zero points. */
  public long[] zeroPoints() {
    return zeroPoints.clone();
  }

  /** The axis along which parameters differ; empty where there is one pair for the tensor. */
  public OptionalInt axis() {
    return axis == PER_TENSOR ? OptionalInt.empty() : OptionalInt.of(axis);
  }

  /** Elements in a block along the axis; 0 where parameters are not blocked. */
  public int blockSize() {
    return blockSize;
  }

  /** Whether there is one scale and zero point for the whole tensor. */
  public boolean isPerTensor() {
    return axis == PER_TENSOR;
  }

  /** These parameters with another rounding. */
  public QuantParams withRounding(Rounding newRounding) {
    return new QuantParams(elementType, scales, zeroPoints, axis, blockSize, newRounding);
  }

  /** How quotients become integers. */
  public Rounding rounding() {
    return rounding;
  }

  /** Smallest real number that index {@code index} represents: of the smallest integer. */
  public double min(int index) {
    return dequantize(elementType.minInteger(), index);
  }

  /** Largest real number that index {@code index} represents: of the largest integer. */
  public double max(int index) {
    return dequantize(elementType.maxInteger(), index);
  }

  /** The integer of a real number under the parameters with the given index. */
  public long quantize(double value, int index) {
    return quantize(
        value,
        scales[index],
        zeroPoints[index],
        elementType.minInteger(),
        elementType.maxInteger(),
        rounding);
  }

  /** The real number of an integer under the parameters with the given index, as float32. */
  public double dequantize(long integer, int index) {
    return (float) ((double) (integer - zeroPoints[index]) * scales[index]);
  }

  /**
   * The quantization of one number: division rounded to float32, rounding, zero point, saturation
   * to [qmin, qmax]. NaN gives qmin.
   */
  public static long quantize(
      double value, float scale, long zeroPoint, long qmin, long qmax, Rounding rounding) {
    return saturate(rounding.round((float) (value / scale)), zeroPoint, qmin, qmax);
  }

  /**
   * The last step of every quantization: a rounded quotient plus the zero point, saturated to
   * [qmin, qmax]. NaN gives qmin.
   */
  public static long saturate(double rounded, long zeroPoint, long qmin, long qmax) {
    if (Double.isNaN(rounded)) {
      return qmin;
    }
    double low = (double) qmin - zeroPoint;
    double high = (double) qmax - zeroPoint;
    return (long) Math.clamp(rounded, low, high) + zeroPoint;
  }

  /** Quantizes a floating-point tensor to a tensor of {@link #elementType()}. */
  public Tensor quantize(Tensor values) {
    long[] integers = new long[Math.toIntExact(values.elementCount())];
    ParamIndex position = index(values.shape());
    for (int i = 0; i < integers.length; i++) {
      integers[i] = quantize(values.doubleAt(i), position.of(i));
    }
    return Tensor.ofLongs(elementType, values.shape(), integers);
  }

  /** Dequantizes an integer tensor to float32. */
  public Tensor dequantize(Tensor integers) {
    double[] values = new double[Math.toIntExact(integers.elementCount())];
    ParamIndex position = index(integers.shape());
    for (int i = 0; i < values.length; i++) {
      values[i] = dequantize(integers.longAt(i), position.of(i));
    }
    return Tensor.ofDoubles(ElementType.FLOAT, integers.shape(), values);
  }

  /**
   * Where in {@link #scales()} the parameters of an element of a tensor of the given shape are.
   *
   * @throws IllegalArgumentException if the parameters do not fit the shape
   */
  public ParamIndex index(Shape shape) {
    if (axis == PER_TENSOR) {
      return flat -> 0;
    }
    if (axis >= shape.rank()) {
      throw new IllegalArgumentException("no axis " + axis + " in shape " + shape);
    }
    long size = shape.size(axis);
    long inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= shape.size(i);
    }
    long step = inner;
    if (blockSize == 0) {
      requireCount(size, shape);
      return flat -> (int) (flat / step % size);
    }
    long blocks = Math.ceilDiv(size, blockSize);
    requireCount(size == 0 ? 0 : shape.elementCount() / size * blocks, shape);
    return flat -> {
      long along = flat / step % size;
      long outer = flat / (step * size);
      return (int) ((outer * blocks + along / blockSize) * step + flat % step);
    };
  }

  private void requireCount(long expected, Shape shape) {
    if (expected != scales.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " asks for " + expected + " scales, but there are " + scales.length);
    }
  }

  /** Maps the row-major position of an element to the index of its scale and zero point. */
  @FunctionalInterface
  public interface ParamIndex {
    /** The index for the element at a row-major position. */
    int of(long flat);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QuantParams params
        && elementType == params.elementType
        && axis == params.axis
        && blockSize == params.blockSize
        && rounding == params.rounding
        && Arrays.equals(scales, params.scales)
        && Arrays.equals(zeroPoints, params.zeroPoints);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(scales) + Arrays.hashCode(zeroPoints) + elementType.hashCode();
  }

  @Override
  public String toString() {
    String where = axis == PER_TENSOR ? "" : " along axis " + axis;
    return elementType.text()
        + " scale "
        + (count() == 1 ? Float.toString(scales[0]) : count() + " values")
        + " zero point "
        + (count() == 1 ? Long.toString(zeroPoints[0]) : count() + " values")
        + where;
  }
}
