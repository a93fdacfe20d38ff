package dev.fixpoint.op.quant;

import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What QuantizeLinear, DequantizeLinear and FakeQuant share in reading a call. */
final class LinearCall {
  private LinearCall() {}

  /** The element type of an attribute's number; 0 means the default. */
  static ElementType type(long code, ElementType absent) {
    if (code == 0) {
      return absent;
    }
    return ElementType.ofCode(Math.toIntExact(code))
        .orElseThrow(() -> new IllegalArgumentException("there is no element type " + code));
  }

  /** The floating-point type in which numbers of a type are divided. */
  static ElementType floatOf(ElementType type) {
    return type.isFloat() ? type : ElementType.FLOAT;
  }

  /** Rounds numbers to a floating-point type in place. */
  static void round(double[] values, ElementType type) {
    switch (type) {
      case DOUBLE -> {}
      case FLOAT -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) values[i];
        }
      }
      case FLOAT16, BFLOAT16 -> {
        Tensor rounded = Tensor.ofDoubles(type, Shape.of(values.length), values);
        System.arraycopy(rounded.toDoubles(), 0, values, 0, values.length);
      }
      default -> throw new IllegalArgumentException("cannot divide in the type " + type.text());
    }
  }

  /** The zero points that go with the scales; zeros where there is no input for them. */
  static long[] zeroPoints(@Nullable Tensor zeroPoint, Tensor scale) {
    int count = Math.toIntExact(scale.elementCount());
    if (zeroPoint == null) {
      return new long[count];
    }
    if (zeroPoint.elementCount() != count) {
      throw new IllegalArgumentException(
          "there are " + count + " scales but " + zeroPoint.elementCount() + " zero points");
    }
    return zeroPoint.toLongs();
  }

  /**
   * Checks that scale and zero point fit the tensor as far as types are known.
   *
   * @throws IllegalArgumentException if they cannot fit
   */
  static void requireParameters(OpCall call) {
    Shape tensor = call.type(0).shape();
    Shape scale = call.type(1).shape();
    if (tensor.isStatic() && scale.isStatic()) {
      ParameterLayout.of(tensor, scale, call.attributes());
    }
    if (call.hasInput(2) && !call.type(2).shape().isCompatibleWith(scale)) {
      boolean single =
          call.type(2).shape().isStatic()
              && call.type(2).shape().elementCount() == 1
              && scale.isStatic()
              && scale.elementCount() == 1;
      if (!single) {
        throw new IllegalArgumentException(
            "scale " + scale + " and zero point " + call.type(2).shape() + " differ in shape");
      }
    }
  }

  /** The range of the first input; every number where nothing is known. */
  static Range range(List<@Nullable Range> ranges) {
    Range range = ranges.get(0);
    return range == null ? Range.ALL : range;
  }
}
