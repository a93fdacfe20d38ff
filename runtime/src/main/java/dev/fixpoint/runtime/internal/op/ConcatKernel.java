package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Concat of float32 or 8-bit tensors, QConcat of 8-bit ones. */
final class ConcatKernel implements Kernel {
  private static final Attribute<Long> AXIS = Attribute.ofInt("axis").required();

  private final boolean isQuantized;

  ConcatKernel(boolean isQuantized) {
    this.isQuantized = isQuantized;
  }

  private List<Integer> parts(KernelCall call) {
    List<Integer> parts = new ArrayList<>();
    int step = isQuantized ? 3 : 1;
    for (int i = isQuantized ? 2 : 0; i < call.call().inputCount(); i += step) {
      parts.add(i);
    }
    return parts;
  }

  @Override
  public boolean supports(KernelCall call) {
    if (!Buffer.isArrayType(call.outputType())) {
      return false;
    }
    if (isQuantized && !Quantization.areConstant(call, 0, 1)) {
      return false;
    }
    for (int part : parts(call)) {
      boolean typed =
          !isQuantized
              || (Quantization.isByte(call, part)
                  && Quantization.areConstant(call, part + 1, part + 2));
      if (!Buffer.isArrayType(call.type(part)) || !typed) {
        return false;
      }
    }
    return !isQuantized || Quantization.isByte(call.outputType().elementType());
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layouts.inherited(call);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    Shape shape = call.outputType().shape();
    int axis = Math.toIntExact(call.get(AXIS));
    axis = axis < 0 ? axis + shape.rank() : axis;
    int[] sizes = shape.intSizes();
    boolean last = layout(call) == Layout.CHANNELS_LAST;
    int outer = 1;
    int inner = 1;
    boolean before = true;
    for (int a : memoryOrder(sizes.length, last)) {
      if (a == axis) {
        before = false;
      } else if (before) {
        outer *= sizes[a];
      } else {
        inner *= sizes[a];
      }
    }
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int input : parts(call)) {
      int length = call.shape(input).intSize(axis) * inner;
      Affine8 source = isQuantized ? Quantization.affine(call, input, input + 1, input + 2) : null;
      parts.add(new Part(input, from, length, source == null ? Part.ANY : source));
      from += length;
    }
    return new Prepared(
        parts,
        outer,
        from,
        call.outputType().elementType() == ElementType.FLOAT,
        isQuantized ? Quantization.output(call, 0, 1) : Part.ANY);
  }

  private static int[] memoryOrder(int rank, boolean channelsLast) {
    int[] order = new int[rank];
    int at = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (!channelsLast || axis != 1) {
        order[at++] = axis;
      }
    }
    if (channelsLast) {
      order[at] = 1;
    }
    return order;
  }

  /**
   * One operand.
   *
   * @param input which input
   * @param from where its elements begin in a row of the output
   * @param length how many of them there are in a row
   * @param source what its bytes stand for
   */
  private record Part(int input, int from, int length, Affine8 source) {
    static final Affine8 ANY = new Affine8(false, 0, 1);
  }

  private record Prepared(
      List<Part> parts, int rows, int rowLength, boolean isFloat, Affine8 target)
      implements PreparedKernel {
    @Override
    public int units() {
      return Math.max(1, rows);
    }

    @Override
    public boolean hasTakenIn(int input) {
      return parts.stream().noneMatch(part -> part.input() == input);
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer y = operands.output();
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        Buffer x = operands.input(part.input());
        int length = part.length();
        for (int row = first; row < Math.min(end, rows); row++) {
          int from = x.offset() + row * length;
          int to = y.offset() + row * rowLength + part.from();
          if (isFloat) {
            System.arraycopy(x.floats(), from, y.floats(), to, length);
          } else if (part.source().equals(target)) {
            System.arraycopy(x.bytes(), from, y.bytes(), to, length);
          } else {
            Primitives.of(scratch)
                .int8()
                .requantize(x.bytes(), from, part.source(), y.bytes(), to, target, length, scratch);
          }
        }
      }
    }
  }
}
