package dev.fixpoint.op.standard;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sums of an Einsum in double: for each element of the result, over all values of the labels
 * that are summed over, by precomputed offsets into the operands.
 */
final class EinsumLoop {
  private static final double EXACT = 0x1p53;

  private final List<int[]> outer;
  private final List<int[]> inner;

  private EinsumLoop(List<int[]> outer, List<int[]> inner) {
    this.outer = outer;
    this.inner = inner;
  }

  static EinsumLoop of(OpCall call) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      shapes.add(call.type(i).shape());
    }
    EinsumEquation equation = EinsumEquation.of(call.get(Einsum.EQUATION), shapes);
    Map<Character, Dimension> sizes = equation.sizes(shapes);
    List<Character> summed = new ArrayList<>(equation.labels());
    summed.removeAll(equation.result());
    List<int[]> outer = new ArrayList<>();
    List<int[]> inner = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      List<Character> labels = equation.operands().get(i);
      outer.add(offsets(equation.result(), sizes, labels, shapes.get(i)));
      inner.add(offsets(summed, sizes, labels, shapes.get(i)));
    }
    return new EinsumLoop(outer, inner);
  }

  /**
   * The offset in an operand for all values of some labels; a label that occurs twice is a
   * diagonal.
   */
  private static int[] offsets(
      List<Character> over, Map<Character, Dimension> sizes, List<Character> labels, Shape shape) {
    int[] counts = new int[over.size()];
    int[] steps = new int[over.size()];
    int[] strides = Elements.strides(shape.intSizes());
    for (int i = 0; i < counts.length; i++) {
      counts[i] = Shape.of(List.of(sizes.getOrDefault(over.get(i), Dimension.UNKNOWN))).intSize(0);
      for (int axis = 0; axis < labels.size(); axis++) {
        boolean moves = labels.get(axis).equals(over.get(i)) && shape.size(axis) != 1;
        steps[i] += moves ? strides[axis] : 0;
      }
    }
    return Broadcasting.offsets(counts, steps);
  }

  double[] apply(List<double[]> operands) {
    double[] y = new double[outer.getFirst().length];
    for (int i = 0; i < y.length; i++) {
      y[i] = operands.size() == 2 ? pair(operands, i) : product(operands, i);
    }
    return y;
  }

  private double pair(List<double[]> operands, int i) {
    double[] a = operands.get(0);
    double[] b = operands.get(1);
    int[] ofA = inner.get(0);
    int[] ofB = inner.get(1);
    int atA = outer.get(0)[i];
    int atB = outer.get(1)[i];
    double sum = 0;
    for (int k = 0; k < ofA.length; k++) {
      sum += a[atA + ofA[k]] * b[atB + ofB[k]];
    }
    return sum;
  }

  private double product(List<double[]> operands, int i) {
    double sum = 0;
    int count = inner.getFirst().length;
    for (int k = 0; k < count; k++) {
      double product = 1;
      for (int o = 0; o < operands.size(); o++) {
        product *= operands.get(o)[outer.get(o)[i] + inner.get(o)[k]];
      }
      sum += product;
    }
    return sum;
  }

  /** Refuses integers that double does not hold. */
  static void requireExact(Tensor tensor) {
    for (long value : tensor.toLongs()) {
      if (Math.abs((double) value) > EXACT) {
        throw new ArithmeticException(value + " is too large for an Einsum of integers");
      }
    }
  }

  /** The integers that sums in double stand for; refuses those that may have been rounded. */
  static Tensor exact(TensorType type, double[] y) {
    long[] integers = new long[y.length];
    for (int i = 0; i < integers.length; i++) {
      if (!(Math.abs(y[i]) <= EXACT)) {
        throw new ArithmeticException(y[i] + " is too large for an Einsum of integers");
      }
      integers[i] = (long) y[i];
    }
    return Tensor.ofLongs(type.elementType(), type.shape(), integers);
  }
}
