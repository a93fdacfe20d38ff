package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.quant.Epilogue;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.FloatKernels;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A convolution or matrix product of 16-bit activations with 8-bit weights, ready to run. The
 * activations are multiplied in {@link WideParts} by the float32 panels, exactly; the sums are put
 * together in 64 bits and go through the {@link Epilogue} of the operator's specification.
 *
 * @param packed weights, bias and epilogue
 * @param geometries geometry of each group over one image; of a depthwise convolution only one
 * @param images images, which are computed one after the other
 * @param channelsFirst whether images lie channels first, as those of a convolution do
 * @param zeroPoint zero point of the activations
 * @param residual what is added, or null
 * @param output type of the output
 * @param places where each pixel belongs in an image of the output, -1 for one that is not wanted;
 *     empty where they lie in order
 */
record WideProduct(
    Packed packed,
    List<ConvGeometry> geometries,
    int images,
    boolean channelsFirst,
    int zeroPoint,
    @Nullable Residual residual,
    TensorType output,
    List<Integer> places)
    implements PreparedKernel {
  private static final int WEIGHTS = 3;

  /**
   * What is packed of a node, whatever the shape of its input.
   *
   * @param groups packed weights of each group; of a depthwise convolution only one
   * @param isDepthwise whether each group has one input channel
   * @param parts parts of the activations that keep every sum exact
   * @param bias bias of each output channel in accumulator steps
   * @param epilogue from accumulators to outputs
   */
  record Packed(
      List<PackedWeights> groups,
      boolean isDepthwise,
      WideParts parts,
      int[] bias,
      Epilogue epilogue) {}

  /**
   * The second summand of an output element.
   *
   * @param input which input it is
   * @param scale its scale; 1 where it is float32
   * @param zeroPoint its zero point
   */
  record Residual(int input, float scale, int zeroPoint) {
    float of(WideElements elements, int index) {
      return elements.type() == ElementType.FLOAT
          ? elements.real(index)
          : (float) (elements.integer(index) - zeroPoint) * scale;
    }
  }

  /** One image in parts, and the sums of their products. */
  private record Image(List<Buffer> parts, List<Buffer> sums) {
    boolean holds(WideParts wanted, int inputs, int outputs) {
      return parts.size() == wanted.count()
          && parts.getFirst().count() == inputs
          && sums.getFirst().count() == outputs;
    }
  }

  @Override
  public boolean isInteger() {
    return true;
  }

  @Override
  public boolean hasTakenIn(int input) {
    return input > 0 && (residual == null || input != residual.input());
  }

  @Override
  public boolean isPacked(int input) {
    return input == WEIGHTS;
  }

  @Override
  public long packedBytes() {
    return packed.groups().stream().mapToLong(PackedWeights::bytes).sum();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    WideElements x = WideElements.read(operands.input(0));
    WideElements added =
        residual == null ? null : WideElements.read(operands.input(residual.input()));
    int count = Math.toIntExact(output.shape().elementCount());
    WideElements y = WideElements.write(operands.output(), output.elementType(), count);
    run(x, added, y, scratch);
    y.store(output);
  }

  /** Sets the elements of the output that this product makes. */
  void run(WideElements x, @Nullable WideElements added, WideElements y, Scratch scratch) {
    Image image = image(scratch);
    for (int n = 0; n < images; n++) {
      split(x, n, image.parts());
      for (int i = 0; i < packed.parts().count(); i++) {
        multiply(image.parts().get(i), image.sums().get(i), scratch);
      }
      store(image.sums(), n, added, y);
    }
  }

  private int pixels() {
    ConvGeometry g = geometries.getFirst();
    return g.inHeight() * g.inWidth();
  }

  private int outPixels() {
    ConvGeometry g = geometries.getFirst();
    return g.outHeight() * g.outWidth();
  }

  /** Pixels of an image of the output. */
  private int plane() {
    return places.isEmpty()
        ? outPixels()
        : Math.toIntExact(output.shape().elementCount() / images / packed.bias().length);
  }

  private void split(WideElements x, int n, List<Buffer> buffers) {
    float[][] arrays = WideParts.arrays(buffers);
    int channels = geometries.getFirst().inPitch();
    int pixels = pixels();
    int from = n * channels * pixels;
    for (int p = 0; p < pixels; p++) {
      for (int c = 0; c < channels; c++) {
        int at = channelsFirst ? c * pixels + p : p * channels + c;
        packed.parts().split(x.integer(from + at) - zeroPoint, arrays, p * channels + c);
      }
    }
  }

  private void multiply(Buffer x, Buffer y, Scratch scratch) {
    FloatKernels floats = Primitives.of(scratch).floats();
    var plain = WideWeights.PLAIN;
    if (packed.isDepthwise()) {
      ConvGeometry g = geometries.getFirst();
      floats.depthwise(g, packed.groups().getFirst(), plain, x, y, null, 0, g.outRows(), scratch);
      return;
    }
    for (int i = 0; i < geometries.size(); i++) {
      ConvGeometry g = geometries.get(i);
      PackedWeights weights = packed.groups().get(i);
      floats.convolve(g, weights, plain, x, y, null, 0, g.outRows(), 0, weights.blocks(), scratch);
    }
  }

  private void store(List<Buffer> buffers, int n, @Nullable WideElements added, WideElements y) {
    float[][] sums = WideParts.arrays(buffers);
    int[] bias = packed.bias();
    WideParts parts = packed.parts();
    int columns = bias.length;
    int plane = plane();
    Epilogue epilogue = packed.epilogue();
    boolean isFloat = output.elementType() == ElementType.FLOAT;
    for (int p = 0; p < outPixels(); p++) {
      int pixel = places.isEmpty() ? p : places.get(p);
      for (int m = 0; m < columns && pixel >= 0; m++) {
        long sum = bias[m] + parts.joined(sums, p * columns + m);
        int at = n * columns * plane + (channelsFirst ? m * plane + pixel : pixel * columns + m);
        if (added == null || residual == null) {
          if (isFloat) {
            y.set(at, epilogue.real(sum, m));
          } else {
            y.set(at, epilogue.quantized(sum, m));
          }
        } else if (isFloat) {
          y.set(at, epilogue.real(sum, m, residual.of(added, at)));
        } else {
          y.set(at, epilogue.quantized(sum, m, residual.of(added, at)));
        }
      }
    }
  }

  private Image image(Scratch scratch) {
    long key = System.identityHashCode(this) | 1L << 60;
    int inputs = pixels() * geometries.getFirst().inPitch();
    int outputs = outPixels() * packed.bias().length;
    if (scratch.kept(key) instanceof Image known && known.holds(packed.parts(), inputs, outputs)) {
      return known;
    }
    Image made = new Image(buffers(inputs), buffers(outputs));
    scratch.keep(key, made);
    return made;
  }

  private List<Buffer> buffers(int count) {
    TensorType type = TensorType.of(ElementType.FLOAT, count);
    return IntStream.range(0, packed.parts().count())
        .mapToObj(_ -> Buffer.ofFloats(type, Layout.ROW_MAJOR, new float[count], 0))
        .toList();
  }
}
