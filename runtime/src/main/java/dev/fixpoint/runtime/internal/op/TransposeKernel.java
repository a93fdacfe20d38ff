package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Transpose of float32 and 8-bit tensors. */
final class TransposeKernel implements Kernel {
  private static final Attribute<List<Long>> PERM = Attribute.ofInts("perm");

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall() && call.shape(0).rank() > 0 && call.shape(0).elementCount() > 0;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int[] sizes = call.shape(0).intSizes();
    int rank = sizes.length;
    int[] strides = Layout.ROW_MAJOR.strides(sizes);
    List<Long> given = call.call().attributes().find(PERM);
    List<Integer> outSizes = new ArrayList<>();
    List<Integer> inStrides = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int axis = given == null ? rank - 1 - i : Math.toIntExact(given.get(i));
      boolean merges = !outSizes.isEmpty() && inStrides.getLast() == strides[axis] * sizes[axis];
      if (merges) {
        outSizes.set(outSizes.size() - 1, outSizes.getLast() * sizes[axis]);
        inStrides.set(inStrides.size() - 1, strides[axis]);
      } else {
        outSizes.add(sizes[axis]);
        inStrides.add(strides[axis]);
      }
    }
    return new Prepared(
        outSizes.stream().mapToInt(Integer::intValue).toArray(),
        inStrides.stream().mapToInt(Integer::intValue).toArray(),
        call.element(0) == ElementType.FLOAT);
  }

  private static final class Prepared implements PreparedKernel {
    private final int[] sizes;
    private final int[] strides;
    private final boolean isFloat;
    private final int rows;

    Prepared(int[] sizes, int[] strides, boolean isFloat) {
      this.sizes = sizes;
      this.strides = strides;
      this.isFloat = isFloat;
      this.rows = Arrays.stream(sizes).limit(sizes.length - 1L).reduce(1, Math::multiplyExact);
    }

    @Override
    public int units() {
      return rows;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      Buffer y = operands.output();
      int length = sizes[sizes.length - 1];
      int step = strides[sizes.length - 1];
      for (int row = first; row < end; row++) {
        int from = x.offset() + offset(row);
        int to = y.offset() + row * length;
        if (isFloat) {
          move(x.floats(), from, step, y.floats(), to, length);
        } else {
          move(x.bytes(), from, step, y.bytes(), to, length);
        }
      }
    }

    private int offset(int row) {
      int rest = row;
      int offset = 0;
      for (int i = sizes.length - 2; i >= 0; i--) {
        offset += rest % sizes[i] * strides[i];
        rest /= sizes[i];
      }
      return offset;
    }

    private static void move(float[] x, int from, int step, float[] y, int to, int count) {
      if (step == 1) {
        System.arraycopy(x, from, y, to, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        y[to + i] = x[from + i * step];
      }
    }

    private static void move(byte[] x, int from, int step, byte[] y, int to, int count) {
      if (step == 1) {
        System.arraycopy(x, from, y, to, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        y[to + i] = x[from + i * step];
      }
    }
  }
}
