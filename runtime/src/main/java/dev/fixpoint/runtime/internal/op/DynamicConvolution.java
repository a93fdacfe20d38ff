package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.Activation;
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
 * An integer convolution or matrix product with constant weights and a float result, whose input
 * has a scale and a zero point that are computed when it runs.
 *
 * @param groups packed weights of each group; of a depthwise convolution only one
 * @param geometries their geometries
 * @param scales scale of each output channel's weights
 * @param bias what is added to each output channel, or null
 * @param scale which input is the scale
 * @param zeroPoint which input is the zero point, or -1
 * @param weights which input the packed weights are
 * @param takenIn inputs that need no buffer
 */
record DynamicConvolution(
    List<PackedWeights> groups,
    List<ConvGeometry> geometries,
    float[] scales,
    float @Nullable [] bias,
    int scale,
    int zeroPoint,
    int weights,
    BitSet takenIn)
    implements PreparedKernel {
  private boolean cutsRows() {
    return geometries.size() > 1
        || geometries.getFirst().channels() < geometries.getFirst().inPitch()
        || ConvShapes.cutsRows(geometries.getFirst());
  }

  @Override
  public int units() {
    return cutsRows() ? geometries.getFirst().outRows() : groups.getFirst().blocks();
  }

  @Override
  public boolean isInteger() {
    return true;
  }

  @Override
  public boolean hasTakenIn(int input) {
    return takenIn.get(input);
  }

  @Override
  public boolean isPacked(int input) {
    return input == weights;
  }

  @Override
  public long packedBytes() {
    return groups.stream().mapToLong(PackedWeights::bytes).sum();
  }

  @Override
  public void execute(Operands operands, int first, int end, Scratch scratch) {
    boolean rows = cutsRows();
    int zero = zeroPoint(operands);
    Epilogue epilogue = epilogue(operands);
    for (int i = 0; i < geometries.size(); i++) {
      ConvGeometry g = geometries.get(i);
      PackedWeights part = groups.get(i);
      Primitives.of(scratch)
          .int8()
          .product(
              g,
              part,
              zero,
              epilogue,
              operands.input(0),
              operands.output(),
              rows ? first : 0,
              rows ? end : g.outRows(),
              rows ? 0 : first,
              rows ? part.blocks() : end,
              scratch);
    }
  }

  private int zeroPoint(Operands operands) {
    if (zeroPoint < 0) {
      return 0;
    }
    Buffer zero = operands.input(zeroPoint);
    byte stored = zero.bytes()[zero.offset()];
    return zero.isUnsigned() ? stored & 0xff : stored;
  }

  /** The epilogue of this run; every thread that takes part writes the same factors. */
  private Epilogue epilogue(Operands operands) {
    Epilogue epilogue;
    if (operands.derived() instanceof Epilogue known) {
      epilogue = known;
    } else {
      epilogue =
          bias == null
              ? Epilogue.toFloat(scales, Activation.NONE, Epilogue.Residual.NONE)
              : Epilogue.shifted(scales, bias);
      operands.derive(epilogue);
    }
    Buffer given = operands.input(scale);
    float left = given.floats()[given.offset()];
    for (int c = 0; c < scales.length; c++) {
      epilogue.factors()[c] = left * scales[c];
    }
    return epilogue;
  }
}
