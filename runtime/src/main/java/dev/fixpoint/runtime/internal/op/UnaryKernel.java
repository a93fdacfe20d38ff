package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.Gelu;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.Swish;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.internal.simd.RealFunction;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/** Functions of single elements in float32. */
final class UnaryKernel implements Kernel {
  private static final Attribute<Float> LEAKY_ALPHA = Attribute.ofFloat("alpha", 0.01f);
  private static final Attribute<Float> HARD_ALPHA = Attribute.ofFloat("alpha", 0.2f);
  private static final Attribute<Float> HARD_BETA = Attribute.ofFloat("beta", 0.5f);

  @Override
  public boolean supports(KernelCall call) {
    return call.element(0) == ElementType.FLOAT
        && Buffer.isArrayType(call.type(0))
        && Buffer.isArrayType(call.outputType())
        && Quantization.areConstant(call, 1, 2)
        && (!call.node().calls(StandardOps.SWISH) || call.get(Swish.ALPHA) == 1);
  }

  @Override
  public Layout layout(KernelCall call) {
    return call.inputLayouts().getFirst();
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    int count = Math.toIntExact(call.shape(0).elementCount());
    return new Prepared(call.node().opId().name(), activation(call), function(call), count);
  }

  private static @Nullable Activation activation(KernelCall call) {
    return switch (call.node().opId().name()) {
      case "Relu" -> new Activation.Relu();
      case "Clip" ->
          new Activation.Clip(
              call.has(1) ? call.tensor(1).toFloats()[0] : Float.NEGATIVE_INFINITY,
              call.has(2) ? call.tensor(2).toFloats()[0] : Float.POSITIVE_INFINITY);
      case "LeakyRelu" -> new Activation.LeakyRelu(call.get(LEAKY_ALPHA));
      case "HardSigmoid" -> new Activation.HardSigmoid(call.get(HARD_ALPHA), call.get(HARD_BETA));
      case "HardSwish" -> new Activation.HardSwish();
      default -> null;
    };
  }

  private static @Nullable RealFunction function(KernelCall call) {
    return switch (call.node().opId().name()) {
      case "Exp" -> RealFunction.EXP;
      case "Sigmoid" -> RealFunction.SIGMOID;
      case "Tanh" -> RealFunction.TANH;
      case "Erf" -> RealFunction.ERF;
      case "Gelu" ->
          call.get(Gelu.APPROXIMATE).equals("tanh") ? RealFunction.GELU_TANH : RealFunction.GELU;
      case "Swish" -> RealFunction.SWISH;
      default -> null;
    };
  }

  /** Applies an activation in place. */
  static void activate(Activation activation, float[] x, int from, int count) {
    switch (activation) {
      case Activation.None _ -> {}
      case Activation.Relu _ -> {
        for (int i = from; i < from + count; i++) {
          x[i] = Math.max(x[i], 0);
        }
      }
      case Activation.Clip clip -> {
        float low = clip.low();
        float high = clip.high();
        for (int i = from; i < from + count; i++) {
          x[i] = Math.min(Math.max(x[i], low), high);
        }
      }
      case Activation.LeakyRelu _,
          Activation.HardSigmoid _,
          Activation.HardSwish _,
          Activation.Swish _ -> {
        for (int i = from; i < from + count; i++) {
          x[i] = activation.applyFloat(x[i]);
        }
      }
    }
  }

  private record Prepared(
      String function, @Nullable Activation activation, @Nullable RealFunction real, int count)
      implements ElementRuns {
    @Override
    public void run(Buffer x, Buffer y, int from, int length, Scratch scratch) {
      int at = x.offset() + from;
      int to = y.offset() + from;
      if (real != null) {
        Primitives.of(scratch).floats().map(real, x.floats(), at, y.floats(), to, length, scratch);
      } else if (activation != null) {
        System.arraycopy(x.floats(), at, y.floats(), to, length);
        activate(activation, y.floats(), to, length);
      } else {
        map(x.floats(), at, y.floats(), to, length);
      }
    }

    private void map(float[] x, int from, float[] y, int to, int length) {
      switch (function) {
        case "Abs" -> {
          for (int i = 0; i < length; i++) {
            y[to + i] = Math.abs(x[from + i]);
          }
        }
        case "Neg" -> {
          for (int i = 0; i < length; i++) {
            y[to + i] = -x[from + i];
          }
        }
        default -> {
          for (int i = 0; i < length; i++) {
            y[to + i] = (float) Math.sqrt(x[from + i]);
          }
        }
      }
    }
  }
}
