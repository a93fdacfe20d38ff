package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * LayerNormalization and QLayerNormalization over the last axis in float32; mean and variance in
 * double.
 */
final class LayerNormalizationKernel implements Kernel {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);
  private static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);
  private static final Attribute<Long> STASH_TYPE = Attribute.ofInt("stash_type", 1);
  private static final int SCALE = 3;

  @Override
  public boolean supports(KernelCall call) {
    if (!Buffer.isArrayType(call.type(0))
        || call.element(0) != ElementType.FLOAT
        || call.outputTypes().size() != 1
        || !PreparedRows.hasOutput(call, SCALE)) {
      return false;
    }
    Shape shape = call.shape(0);
    long axis = call.get(AXIS);
    return shape.rank() > 0
        && shape.elementCount() > 0
        && call.get(STASH_TYPE) == 1
        && (axis == -1 || axis == shape.rank() - 1)
        && isVector(call, 1, shape.size(-1))
        && (!call.has(2) || isVector(call, 2, shape.size(-1)));
  }

  private static boolean isVector(KernelCall call, int input, long length) {
    return Buffer.isArrayType(call.type(input)) && call.shape(input).elementCount() == length;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int length = call.shape(0).intSize(-1);
    float epsilon = call.get(EPSILON);
    return PreparedRows.of(
        call,
        SCALE,
        (operands, first, rows, y, to, _) -> {
          for (int row = 0; row < rows; row++) {
            normalize(operands, first + row, length, epsilon, y, to + row * length);
          }
        });
  }

  private static void normalize(
      Operands operands, int row, int length, float epsilon, float[] y, int to) {
    Buffer buffer = operands.input(0);
    float[] x = buffer.floats();
    int from = buffer.offset() + row * length;
    double mean = PreparedRows.sum(x, from, length) / length;
    double inverse = 1 / Math.sqrt(squares(x, from, length, mean) / length + epsilon);
    Buffer scale = operands.input(1);
    Buffer bias = operands.inputOrNull(2);
    spread(x, from, length, mean, inverse, scale, bias, y, to);
  }

  private static void spread(
      float[] x,
      int from,
      int length,
      double mean,
      double inverse,
      Buffer scale,
      @Nullable Buffer bias,
      float[] y,
      int to) {
    for (int i = 0; i < length; i++) {
      double normal = (x[from + i] - mean) * inverse * scale.floats()[scale.offset() + i];
      y[to + i] = (float) (bias == null ? normal : normal + bias.floats()[bias.offset() + i]);
    }
  }

  /** The squares of deviations, summed four at a time. */
  private static double squares(float[] x, int from, int length, double mean) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < from + length; i += 4) {
      a += (x[i] - mean) * (x[i] - mean);
      b += (x[i + 1] - mean) * (x[i + 1] - mean);
      c += (x[i + 2] - mean) * (x[i + 2] - mean);
      d += (x[i + 3] - mean) * (x[i + 3] - mean);
    }
    for (; i < from + length; i++) {
      a += (x[i] - mean) * (x[i] - mean);
    }
    return (a + b) + (c + d);
  }
}
