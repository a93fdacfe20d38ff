package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution or matrix product with constant weights, integer or float32, ready to run.
 *
 * @param packed weights and epilogue
 * @param geometries geometry of each group; of a depthwise convolution only one
 * @param residual which input is the residual, or -1
 * @param weights inputs of which the packed weights hold all there is to know
 * @param takenIn inputs that need no buffer
 */
record PreparedConvolution(
    Packed packed, List<ConvGeometry> geometries, int residual, BitSet weights, BitSet takenIn)
    implements PreparedKernel {

  /**
   * What is packed of a node, whatever the shape of its input.
   *
   * @param groups packed weights of each group; of a depthwise convolution only one
   * @param isDepthwise whether each group has one input channel
   * @param isInteger whether weights are 8-bit
   * @param epilogue what is done to accumulators
   */
  record Packed(
      List<PackedWeights> groups, boolean isDepthwise, boolean isInteger, Epilogue epilogue) {}

  static BitSet inputs(int... taken) {
    BitSet set = new BitSet();
    for (int input : taken) {
      set.set(input);
    }
    return set;
  }

  private boolean cutsRows() {
    return packed.isDepthwise()
        || geometries.size() > 1
        || ConvShapes.cutsRows(geometries.getFirst());
  }

  @Override
  public int units() {
    return cutsRows() ? geometries.getFirst().outRows() : packed.groups().getFirst().blocks();
  }

  @Override
  public boolean isInteger() {
    return packed.isInteger();
  }

  @Override
  public boolean hasTakenIn(int input) {
    return takenIn.get(input);
  }

  @Override
  public boolean isPacked(int input) {
    return weights.get(input);
  }

  @Override
  public @Nullable PreparedKernel intoSlice(int pitch) {
    if (residual >= 0) {
      return null;
    }
    List<ConvGeometry> sliced = geometries.stream().map(g -> g.intoSlice(pitch)).toList();
    return new PreparedConvolution(packed, sliced, residual, weights, takenIn);
  }

  @Override
  public long packedBytes() {
    return packed.groups().stream().mapToLong(PackedWeights::bytes).sum();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    Buffer x = operands.input(0);
    Buffer y = operands.output();
    Buffer summand = residual < 0 ? null : operands.input(residual);
    if (packed.isDepthwise()) {
      depthwise(x, y, summand, first, end, scratch);
      return;
    }
    boolean rows = cutsRows();
    for (int i = 0; i < geometries.size(); i++) {
      ConvGeometry g = geometries.get(i);
      PackedWeights part = packed.groups().get(i);
      int firstRow = rows ? first : 0;
      int endRow = rows ? end : g.outRows();
      int firstBlock = rows ? 0 : first;
      int endBlock = rows ? part.blocks() : end;
      dense(g, part, x, y, summand, firstRow, endRow, firstBlock, endBlock, scratch);
    }
  }

  private void dense(
      ConvGeometry g,
      PackedWeights part,
      Buffer x,
      Buffer y,
      @Nullable Buffer summand,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    Epilogue e = packed.epilogue();
    if (packed.isInteger()) {
      Primitives.of(scratch)
          .int8()
          .convolve(g, part, e, x, y, summand, firstRow, endRow, firstBlock, endBlock, scratch);
    } else {
      Primitives.of(scratch)
          .floats()
          .convolve(g, part, e, x, y, summand, firstRow, endRow, firstBlock, endBlock, scratch);
    }
  }

  private void depthwise(
      Buffer x, Buffer y, @Nullable Buffer summand, int first, int end, Scratch scratch) {
    ConvGeometry g = geometries.getFirst();
    PackedWeights part = packed.groups().getFirst();
    Epilogue e = packed.epilogue();
    if (packed.isInteger()) {
      Primitives.of(scratch).int8().depthwise(g, part, e, x, y, summand, first, end, scratch);
    } else {
      Primitives.of(scratch).floats().depthwise(g, part, e, x, y, summand, first, end, scratch);
    }
  }
}
