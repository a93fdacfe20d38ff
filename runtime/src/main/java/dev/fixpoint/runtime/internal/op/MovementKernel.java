package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.standard.DataMovement;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operators that only move elements, such as Slice, Split, Gather and Pad, where constants say
 * which go where: the operator is evaluated once on the positions of its input, and what comes out
 * is copied run by run in every run of the plan.
 */
final class MovementKernel implements Kernel {
  private static final long MOST_ELEMENTS = 1 << 22;

  @Override
  public boolean supports(KernelCall call) {
    if (!Buffer.isArrayType(call.type(0)) || !(call.node().op() instanceof DataMovement)) {
      return false;
    }
    for (int i = 1; i < call.call().inputCount(); i++) {
      if (call.has(i) && call.constant(i) == null) {
        return false;
      }
    }
    return call.outputTypes().stream()
        .allMatch(
            type ->
                Buffer.isArrayType(type)
                    && type.elementType() == call.element(0)
                    && type.shape().elementCount() <= MOST_ELEMENTS);
  }

  @Override
  public Layout layout(KernelCall call) {
    int rank = call.shape(0).rank();
    boolean images =
        rank > 2 && call.outputTypes().stream().allMatch(type -> type.shape().rank() == rank);
    return images ? call.inputLayouts().getFirst() : Layout.ROW_MAJOR;
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    DataMovement movement = (DataMovement) call.node().op();
    int count = Math.toIntExact(call.shape(0).elementCount());
    long[] positions = new long[count];
    for (int i = 0; i < count; i++) {
      positions[i] = i + 1L;
    }
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(Tensor.ofLongs(ElementType.INT32, call.shape(0), positions));
    Tensor filler = null;
    for (int i = 1; i < call.call().inputCount(); i++) {
      boolean chooses = movement.chooses(i);
      inputs.add(chooses ? call.constant(i) : null);
      filler = chooses ? filler : call.constant(i);
    }
    OpCall onPositions =
        OpCall.ofTensors(call.node().attributes(), inputs, call.outputTypes().size());
    Layout layout = layout(call);
    int[] memory = memory(call.shape(0), layout);
    List<Copies> copies = new ArrayList<>();
    for (Tensor sources : movement.evaluate(onPositions)) {
      copies.add(Copies.of(sources.toLongs(), memory, memory(sources.shape(), layout)));
    }
    return new Prepared(copies, filler);
  }

  /** Where each element lies in memory, in row-major order. */
  private static int[] memory(Shape shape, Layout layout) {
    int[] sizes = shape.intSizes();
    int[] strides = layout.strides(sizes);
    int[] memory = new int[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < memory.length; i++) {
      int rest = i;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        memory[i] += rest % sizes[axis] * strides[axis];
        rest /= sizes[axis];
      }
    }
    return memory;
  }

  /**
   * The runs of an output, in its order.
   *
   * @param from where each run begins in the input; -1 where it is filled
   * @param to where each run begins in the output, and its end behind the last
   */
  private record Copies(int[] from, int[] to) {
    static Copies of(long[] sources, int[] memory, int[] outputMemory) {
      int[] source = new int[sources.length];
      for (int i = 0; i < source.length; i++) {
        source[outputMemory[i]] = sources[i] == 0 ? -1 : memory[(int) sources[i] - 1];
      }
      int[] from = new int[source.length];
      int[] to = new int[source.length + 1];
      int count = 0;
      for (int i = 0; i < source.length; i++) {
        boolean filled = i > 0 && source[i] < 0 && source[i - 1] < 0;
        boolean next = i > 0 && source[i - 1] >= 0 && source[i] == source[i - 1] + 1;
        if (!filled && !next) {
          from[count] = source[i];
          to[count++] = i;
        }
      }
      to[count] = source.length;
      return new Copies(Arrays.copyOf(from, count), Arrays.copyOf(to, count + 1));
    }
  }

  private record Prepared(List<Copies> outputs, @Nullable Tensor filler) implements PreparedKernel {
    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer x = operands.input(0);
      for (int i = 0; i < outputs.size(); i++) {
        if (x.type().elementType() == ElementType.FLOAT) {
          copyFloats(outputs.get(i), x, operands.output(i));
        } else {
          copyBytes(outputs.get(i), x, operands.output(i));
        }
      }
    }

    private void copyFloats(Copies runs, Buffer x, Buffer y) {
      float value = filler == null ? 0 : (float) filler.doubleAt(0);
      for (int i = 0; i < runs.from().length; i++) {
        int from = runs.from()[i];
        int at = y.offset() + runs.to()[i];
        int end = y.offset() + runs.to()[i + 1];
        if (from < 0) {
          Arrays.fill(y.floats(), at, end, value);
        } else {
          System.arraycopy(x.floats(), x.offset() + from, y.floats(), at, end - at);
        }
      }
    }

    private void copyBytes(Copies runs, Buffer x, Buffer y) {
      byte value = filler == null ? 0 : (byte) filler.bitsAt(0);
      for (int i = 0; i < runs.from().length; i++) {
        int from = runs.from()[i];
        int at = y.offset() + runs.to()[i];
        int end = y.offset() + runs.to()[i + 1];
        if (from < 0) {
          Arrays.fill(y.bytes(), at, end, value);
        } else {
          System.arraycopy(x.bytes(), x.offset() + from, y.bytes(), at, end - at);
        }
      }
    }
  }
}
