package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.quant.Epilogue;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * QMatMul of two variable operands of which one has 16 bits, batch by batch: both are cut into
 * {@link WideParts}, each part is multiplied with each by the float32 panels, exactly, and the sums
 * are put together in 64 bits.
 */
final class WideBatchedProductKernel implements Kernel {
  private static final int RIGHT = 3;
  private static final int Y_SCALE = 7;

  @Override
  public boolean supports(KernelCall call) {
    ElementType output = call.outputType().elementType();
    return (WideElements.isWide(call.element(0)) || WideElements.isWide(call.element(RIGHT)))
        && isQuantized(call.element(0))
        && isQuantized(call.element(RIGHT))
        && (output == ElementType.FLOAT || isQuantized(output))
        && BatchShapes.areSupported(call, RIGHT)
        && Quantization.areConstant(call, 1, 2, 4, 5, 6, Y_SCALE, 8)
        && !call.has(6)
        && Quantization.isSingle(call, 1)
        && Quantization.isSingle(call, 2)
        && Quantization.isPerChannel(call, 4, call.shape(RIGHT).intSize(-1))
        && Quantization.isSingle(call, 5)
        && parts(call) != null;
  }

  private static boolean isQuantized(ElementType type) {
    return Quantization.isByte(type) || WideElements.isWide(type);
  }

  private static @Nullable WideParts parts(KernelCall call) {
    return WideParts.ofBoth(call.shape(0).intSize(-1));
  }

  @Override
  public PreparedKernel prepare(KernelCall call) {
    BatchShapes shapes = BatchShapes.of(call, RIGHT);
    WideParts parts = parts(call);
    if (parts == null) {
      throw new IllegalArgumentException("a depth of " + shapes.depth() + " has no exact sums");
    }
    Epilogue epilogue =
        Epilogue.of(
            Quantization.scale(call, 1),
            Quantization.scales(call, 4, shapes.columns()),
            Activation.of(call.call().attributes()),
            call.has(Y_SCALE) ? Quantization.params(call, Y_SCALE, 8) : null);
    return new Prepared(
        shapes,
        parts,
        epilogue,
        Quantization.zero(call, 2),
        Quantization.zero(call, 5),
        call.outputType());
  }

  /** One product in parts. */
  private record Memory(List<Buffer> left, List<Buffer> right, Buffer sums, long[] joined) {
    boolean holds(WideParts parts, BatchShapes shapes) {
      return left.size() == parts.count()
          && left.getFirst().count() == shapes.rows() * shapes.depth()
          && right.getFirst().count() == shapes.depth() * shapes.columns();
    }
  }

  private record Prepared(
      BatchShapes shapes,
      WideParts parts,
      Epilogue epilogue,
      int leftZero,
      int rightZero,
      TensorType output)
      implements PreparedKernel {
    @Override
    public boolean isInteger() {
      return true;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input != 0 && input != RIGHT;
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      WideElements a = WideElements.read(operands.input(0));
      WideElements b = WideElements.read(operands.input(RIGHT));
      int count = Math.toIntExact(output.shape().elementCount());
      WideElements y = WideElements.write(operands.output(), output.elementType(), count);
      Memory memory = memory(scratch);
      for (int i = 0; i < shapes.batches(); i++) {
        split(a, shapes.left()[i], leftZero, memory.left());
        split(b, shapes.right()[i], rightZero, memory.right());
        multiply(memory, scratch);
        store(memory.joined(), i * memory.joined().length, y);
      }
      y.store(output);
    }

    private void split(WideElements elements, int from, int zero, List<Buffer> buffers) {
      float[][] arrays = WideParts.arrays(buffers);
      for (int i = 0; i < buffers.getFirst().count(); i++) {
        parts.split(elements.integer(from + i) - zero, arrays, i);
      }
    }

    private void multiply(Memory memory, Scratch scratch) {
      Arrays.fill(memory.joined(), 0);
      int columns = shapes.columns();
      for (int j = 0; j < parts.count(); j++) {
        float[] right = memory.right().get(j).floats();
        FloatWeights weights =
            new FloatWeights(right, 0, 1, columns, columns, shapes.depth(), new float[columns]);
        for (int i = 0; i < parts.count(); i++) {
          Primitives.of(scratch)
              .floats()
              .multiply(
                  shapes.rows(),
                  weights,
                  WideWeights.PLAIN,
                  memory.left().get(i),
                  memory.sums(),
                  scratch);
          int shift = parts.bits() * (i + j);
          for (int k = 0; k < memory.joined().length; k++) {
            memory.joined()[k] += (long) memory.sums().floats()[k] << shift;
          }
        }
      }
    }

    private void store(long[] sums, int to, WideElements y) {
      for (int k = 0; k < sums.length; k++) {
        int column = k % shapes.columns();
        if (output.elementType() == ElementType.FLOAT) {
          y.set(to + k, epilogue.real(sums[k], column));
        } else {
          y.set(to + k, epilogue.quantized(sums[k], column));
        }
      }
    }

    private Memory memory(Scratch scratch) {
      long key = System.identityHashCode(this) | 1L << 59;
      if (scratch.kept(key) instanceof Memory known && known.holds(parts, shapes)) {
        return known;
      }
      int results = shapes.rows() * shapes.columns();
      Memory made =
          new Memory(
              buffers(shapes.rows() * shapes.depth()),
              buffers(shapes.depth() * shapes.columns()),
              buffer(results),
              new long[results]);
      scratch.keep(key, made);
      return made;
    }

    private List<Buffer> buffers(int count) {
      return IntStream.range(0, parts.count()).mapToObj(_ -> buffer(count)).toList();
    }

    private static Buffer buffer(int count) {
      TensorType type = TensorType.of(ElementType.FLOAT, count);
      return Buffer.ofFloats(type, Layout.ROW_MAJOR, new float[count], 0);
    }
  }
}
