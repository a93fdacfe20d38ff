package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;

/** Add, Sub, Mul and Div in float32, with broadcasting. */
enum BinaryKernel implements Kernel {
  /** Sums. */
  ADD,
  /** Differences. */
  SUB,
  /** Products. */
  MUL,
  /** Quotients. */
  DIV;

  @Override
  public boolean supports(KernelCall call) {
    return call.isArrayCall()
        && call.call().inputCount() == 2
        && call.element(0) == ElementType.FLOAT
        && call.outputType().elementType() == ElementType.FLOAT
        && Runs.of(call, Layouts.inherited(call), 0, 1).isSimple();
  }

  @Override
  public Layout layout(KernelCall call) {
    return Layouts.inherited(call);
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    return new Prepared(
        this, Runs.of(call, layout(call), 0, 1), Activation.of(call.call().attributes()));
  }

  private record Prepared(BinaryKernel function, Runs runs, Activation activation)
      implements PreparedKernel {
    @Override
    public int units() {
      return Math.max(1, runs.count());
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      Buffer a = operands.input(0);
      Buffer b = operands.input(1);
      Buffer y = operands.output();
      for (int run = first; run < Math.min(end, runs.count()); run++) {
        int left = a.offset() + runs.offset(1, run);
        int right = b.offset() + runs.offset(2, run);
        int to = y.offset() + runs.offset(0, run);
        int count = runs.length(run);
        if (runs.step(1) == 0) {
          fromOne(a.floats()[left], b.floats(), right, runs.step(2), y.floats(), to, count);
        } else if (runs.step(2) == 0) {
          withOne(a.floats(), left, b.floats()[right], y.floats(), to, count);
        } else {
          both(a.floats(), left, b.floats(), right, y.floats(), to, count);
        }
        UnaryKernel.activate(activation, y.floats(), to, count);
      }
    }

    private void both(float[] a, int left, float[] b, int right, float[] y, int to, int count) {
      switch (function) {
        case ADD -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] + b[right + i];
          }
        }
        case SUB -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] - b[right + i];
          }
        }
        case MUL -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] * b[right + i];
          }
        }
        case DIV -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] / b[right + i];
          }
        }
      }
    }

    private void withOne(float[] a, int left, float one, float[] y, int to, int count) {
      switch (function) {
        case ADD -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] + one;
          }
        }
        case SUB -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] - one;
          }
        }
        case MUL -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] * one;
          }
        }
        case DIV -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = a[left + i] / one;
          }
        }
      }
    }

    private void fromOne(float one, float[] b, int right, int step, float[] y, int to, int count) {
      switch (function) {
        case ADD -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = one + b[right + i * step];
          }
        }
        case SUB -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = one - b[right + i * step];
          }
        }
        case MUL -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = one * b[right + i * step];
          }
        }
        case DIV -> {
          for (int i = 0; i < count; i++) {
            y[to + i] = one / b[right + i * step];
          }
        }
      }
    }
  }
}
