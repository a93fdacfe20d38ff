package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An element-wise operation with broadcasting as runs of neighbouring outputs: the axes in the
 * order of the output's memory, neighbours merged where every operand allows it. Operand 0 is the
 * output.
 */
final class Runs {
  private static final int LONGEST = 4096;

  private final int[] sizes;
  private final int[][] strides;
  private final int count;
  private final int pieces;

  private Runs(int[] sizes, int[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
    int product = 1;
    for (int i = 0; i < sizes.length - 1; i++) {
      product *= sizes[i];
    }
    this.pieces = product == 1 ? Math.max(1, Math.ceilDiv(length(), LONGEST)) : 1;
    this.count = length() == 0 ? 0 : product * pieces;
  }

  /**
   * The runs of a call.
   *
   * @param layout layout of the output and of all operands with more than two axes
   * @param inputs which inputs are operands 1, 2, ...
   */
  static Runs of(KernelCall call, Layout layout, int... inputs) {
    Shape shape = call.outputType().shape();
    List<Shape> operands = new ArrayList<>();
    operands.add(shape);
    for (int input : inputs) {
      operands.add(call.shape(input));
    }
    return of(layout, operands);
  }

  static Runs of(Layout layout, List<Shape> operands) {
    int[] output = operands.getFirst().intSizes();
    int rank = output.length;
    List<int[]> strides = new ArrayList<>();
    for (Shape operand : operands) {
      strides.add(aligned(operand.intSizes(), layout, rank));
    }
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (output[axis] != 1 && !(layout == Layout.CHANNELS_LAST && rank > 2 && axis == 1)) {
        order.add(axis);
      }
    }
    if (layout == Layout.CHANNELS_LAST && rank > 2 && output[1] != 1) {
      order.add(1);
    }
    return merged(order, output, strides);
  }

  private static int[] aligned(int[] sizes, Layout layout, int rank) {
    int[] own = layout.strides(sizes);
    int[] all = new int[rank];
    int missing = rank - sizes.length;
    for (int axis = 0; axis < sizes.length; axis++) {
      all[missing + axis] = sizes[axis] == 1 ? 0 : own[axis];
    }
    return all;
  }

  private static Runs merged(List<Integer> order, int[] output, List<int[]> strides) {
    List<Integer> sizes = new ArrayList<>();
    List<int[]> steps = new ArrayList<>();
    for (int axis : order) {
      int[] step = strides.stream().mapToInt(s -> s[axis]).toArray();
      int size = output[axis];
      boolean fits = !sizes.isEmpty();
      for (int i = 0; fits && i < step.length; i++) {
        fits = steps.getLast()[i] == step[i] * size;
      }
      if (fits) {
        sizes.set(sizes.size() - 1, sizes.getLast() * size);
        steps.set(steps.size() - 1, step);
      } else {
        sizes.add(size);
        steps.add(step);
      }
    }
    if (sizes.isEmpty()) {
      sizes.add(1);
      steps.add(new int[strides.size()]);
    }
    return new Runs(
        sizes.stream().mapToInt(Integer::intValue).toArray(), steps.toArray(int[][]::new));
  }

  /** Number of runs. */
  int count() {
    return count;
  }

  /** Outputs in the longest run. */
  private int length() {
    return sizes[sizes.length - 1];
  }

  /** Outputs in a run. */
  int length(int run) {
    return pieces == 1 ? length() : Math.min(LONGEST, length() - run * LONGEST);
  }

  /** Distance of an operand's elements within a run. */
  int step(int operand) {
    return strides[strides.length - 1][operand];
  }

  /** Where an operand's elements of a run begin. */
  int offset(int operand, int run) {
    if (pieces > 1) {
      return run * LONGEST * step(operand);
    }
    int rest = run;
    int offset = 0;
    for (int i = sizes.length - 2; i >= 0; i--) {
      offset += rest % sizes[i] * strides[i][operand];
      rest /= sizes[i];
    }
    return offset;
  }

  /** Whether all operands of all runs have step 0 or 1. */
  boolean isSimple() {
    return Arrays.stream(strides[strides.length - 1]).allMatch(step -> step == 0 || step == 1);
  }
}
