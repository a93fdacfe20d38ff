package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;

/** QAdd and QMul of 8-bit tensors with constant parameters, with broadcasting. */
final class QBinaryKernel implements Kernel {
  private static final int RIGHT = 3;

  private final boolean multiplies;

  QBinaryKernel(boolean multiplies) {
    this.multiplies = multiplies;
  }

  @Override
  public boolean supports(KernelCall call) {
    boolean constant = Quantization.areConstant(call, 1, 2, 4, 5, 6, 7);
    boolean bytes =
        Quantization.isByte(call, 0)
            && Quantization.isByte(call, RIGHT)
            && Quantization.isByte(call.outputType().elementType());
    if (!constant || !bytes || !areStatic(call)) {
      return false;
    }
    for (int parameter : new int[] {1, 2, 4, 5, 6, 7}) {
      if (!Quantization.isSingle(call, parameter)) {
        return false;
      }
    }
    return Runs.of(call, Layouts.inherited(call), 0, RIGHT).isSimple();
  }

  private static boolean areStatic(KernelCall call) {
    return call.shape(0).isStatic()
        && call.shape(RIGHT).isStatic()
        && call.outputType().shape().isStatic();
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layouts.inherited(call);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    return new Prepared(
        Runs.of(call, layout(call), 0, RIGHT),
        multiplies,
        Quantization.affine(call, 0, 1, 2),
        Quantization.affine(call, RIGHT, 4, 5),
        Quantization.output(call, 6, 7),
        Activation.of(call.call().attributes()));
  }

  private record Prepared(
      Runs runs,
      boolean multiplies,
      Affine8 left,
      Affine8 right,
      Affine8 target,
      Activation activation)
      implements PreparedKernel {
    @Override
    public int units() {
      return Math.max(1, runs.count());
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input != 0 && input != RIGHT;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer a = operands.input(0);
      Buffer b = operands.input(RIGHT);
      Buffer y = operands.output();
      for (int run = first; run < Math.min(end, runs.count()); run++) {
        Primitives.of(scratch)
            .int8()
            .combine(
                multiplies,
                a.bytes(),
                a.offset() + runs.offset(1, run),
                runs.step(1),
                left,
                b.bytes(),
                b.offset() + runs.offset(2, run),
                runs.step(2),
                right,
                activation,
                y.bytes(),
                y.offset() + runs.offset(0, run),
                target,
                runs.length(run),
                scratch);
      }
    }
  }
}
