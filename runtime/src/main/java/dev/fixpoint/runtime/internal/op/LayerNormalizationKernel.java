package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** LayerNormalization over the last axis in float32; mean and variance in double. */
final class LayerNormalizationKernel implements Kernel {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);
  private static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);
  private static final Attribute<Long> STASH_TYPE = Attribute.ofInt("stash_type", 1);

  @Override
  public boolean supports(KernelCall call) {
    if (!call.isArrayCall()
        || call.element(0) != ElementType.FLOAT
        || call.outputTypes().size() != 1) {
      return false;
    }
    Shape shape = call.shape(0);
    long axis = call.get(AXIS);
    return shape.rank() > 0
        && shape.elementCount() > 0
        && call.get(STASH_TYPE) == 1
        && (axis == -1 || axis == shape.rank() - 1)
        && call.shape(1).elementCount() == shape.size(-1)
        && (!call.has(2) || call.shape(2).elementCount() == shape.size(-1));
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int length = call.shape(0).intSize(-1);
    return new Prepared(
        Math.toIntExact(call.shape(0).elementCount() / length), length, call.get(EPSILON));
  }

  private record Prepared(int rows, int length, float epsilon) implements PreparedKernel {
    @Override
    public int units() {
      return rows;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      for (int row = first; row < end; row++) {
        normalize(
            x.floats(),
            x.offset() + row * length,
            operands.input(1),
            operands.inputOrNull(2),
            y.floats(),
            y.offset() + row * length);
      }
    }

    private void normalize(
        float[] x, int from, Buffer scale, @Nullable Buffer bias, float[] y, int to) {
      double mean = sum(x, from) / length;
      double squares = squares(x, from, mean);
      double inverse = 1 / Math.sqrt(squares / length + epsilon);
      for (int i = 0; i < length; i++) {
        double normal = (x[from + i] - mean) * inverse * scale.floats()[scale.offset() + i];
        y[to + i] = (float) (bias == null ? normal : normal + bias.floats()[bias.offset() + i]);
      }
    }

    /** Four sums at a time, because each addition waits for the last. */
    private double sum(float[] x, int from) {
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      int i = from;
      for (; i + 3 < from + length; i += 4) {
        a += x[i];
        b += x[i + 1];
        c += x[i + 2];
        d += x[i + 3];
      }
      for (; i < from + length; i++) {
        a += x[i];
      }
      return (a + b) + (c + d);
    }

    private double squares(float[] x, int from, double mean) {
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
}
