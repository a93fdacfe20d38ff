package dev.fixpoint.analysis;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A linear operator on one sample as a matrix, found by what it makes of each unit vector. */
final class LinearMap {
  private static final long LARGEST = 1 << 22;
  private static final int BATCH = 256;

  private final int inputs;
  private final int outputs;
  private final double[] rows;

  private LinearMap(int inputs, int outputs, double[] rows) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.rows = rows;
  }

  /**
   * The matrix of an operator; null where it would be too large.
   *
   * @param input shape of the first input, one sample
   * @param outputs number of elements of the result for one sample
   * @param others the other inputs, from the second on
   */
  static @Nullable LinearMap of(
      OpDefinition op,
      Attributes attributes,
      Shape input,
      long outputs,
      List<@Nullable Tensor> others) {
    long count = input.elementCount();
    if (count * outputs > LARGEST || input.rank() == 0 || input.size(0) != 1) {
      return null;
    }
    double[] rows = new double[(int) (count * outputs)];
    for (int start = 0; start < count; start += BATCH) {
      int batch = (int) Math.min(BATCH, count - start);
      double[] units = new double[(int) (batch * count)];
      for (int i = 0; i < batch; i++) {
        units[(int) (i * count) + start + i] = 1;
      }
      Shape shape = input.with(0, Dimension.of(batch));
      List<@Nullable Tensor> inputs = new ArrayList<>();
      inputs.add(Tensor.ofDoubles(ElementType.DOUBLE, shape, units));
      inputs.addAll(others);
      double[] images = op.evaluate(OpCall.ofTensors(attributes, inputs, 1)).getFirst().toDoubles();
      if (images.length != batch * outputs) {
        return null; // the operator mixes samples
      }
      System.arraycopy(images, 0, rows, (int) (start * outputs), images.length);
    }
    return new LinearMap((int) count, (int) outputs, rows);
  }

  /** The matrix of another map less this one's. */
  LinearMap minus(LinearMap other) {
    double[] difference = rows.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= other.rows[i];
    }
    return new LinearMap(inputs, outputs, difference);
  }

  /** The image of a vector. */
  double[] apply(double[] vector) {
    double[] image = new double[outputs];
    for (int i = 0; i < inputs; i++) {
      double x = vector[i];
      if (x != 0) {
        int row = i * outputs;
        for (int j = 0; j < outputs; j++) {
          image[j] += x * rows[row + j];
        }
      }
    }
    return image;
  }

  /** The image of non-negative numbers under the matrix of absolute values. */
  double[] applyMagnitudes(double[] vector) {
    double[] image = new double[outputs];
    for (int i = 0; i < inputs; i++) {
      double x = vector[i];
      if (x != 0) {
        int row = i * outputs;
        for (int j = 0; j < outputs; j++) {
          image[j] += x * Math.abs(rows[row + j]);
        }
      }
    }
    return image;
  }
}
