package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.Int8Kernels;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.machine.MachineCode;
import dev.fixpoint.runtime.internal.simd.machine.MultiplyAdd;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on the Vector API, which has no integer multiply-add: products of bytes are summed in
 * float32, where a proof says that every partial sum is exact, and flushed into int32 where not.
 * Where machine code is allowed, products with constant weights take its multiply-adds instead.
 */
public final class VectorInt8Kernels implements Int8Kernels {
  private final @Nullable MultiplyAdd machine;

  /**
   * The kernels.
   *
   * @param machineCode whether machine code may be used, where this process can run it
   */
  public VectorInt8Kernels(boolean machineCode) {
    this.machine = machineCode ? MachineCode.integers(Species.BITS).orElse(null) : null;
  }

  @Override
  public String description() {
    String vector = "vector, " + Species.BITS + " bits";
    return machine == null
        ? vector
        : vector + ", machine code, " + machine.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public PackedWeights pack(Int8Weights weights) {
    return machine != null && MachinePanels.canHold(weights)
        ? MachinePanels.of(weights, machine)
        : new Int8Panels(weights);
  }

  @Override
  public PackedWeights packDepthwise(Int8Weights weights) {
    return DepthwiseTaps.of(weights);
  }

  @Override
  public void convolve(
      ConvGeometry geometry,
      PackedWeights weights,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    int firstPanel = firstBlock * Panels.IN_BLOCK;
    int endPanel = endBlock * Panels.IN_BLOCK;
    if (weights instanceof MachinePanels<?> panels) {
      MachineProduct.run(
          geometry,
          panels,
          panels.start(),
          epilogue,
          x,
          y,
          residual,
          firstRow,
          endRow,
          firstPanel,
          endPanel,
          scratch);
      return;
    }
    Int8Panels panels = (Int8Panels) weights;
    PanelProduct.run(
        geometry,
        panels,
        panels.start(),
        epilogue,
        x,
        y,
        residual,
        firstRow,
        endRow,
        firstPanel,
        endPanel,
        scratch);
  }

  @Override
  public void multiply(
      int rows, Int8Weights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch) {
    Int8Panels panels = Int8Panels.kept(weights, scratch);
    ConvGeometry g = panels.matrix(rows);
    PanelProduct.run(
        g, panels, panels.start(), epilogue, x, y, null, 0, rows, 0, panels.panels(), scratch);
  }

  @Override
  public void product(
      ConvGeometry geometry,
      PackedWeights weights,
      int inputZeroPoint,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      int firstRow,
      int endRow,
      int firstBlock,
      int endBlock,
      Scratch scratch) {
    if (weights instanceof DepthwiseTaps taps) {
      Start start = taps.startAt(inputZeroPoint, scratch);
      Depthwise.run(geometry, taps, start, epilogue, x, y, null, firstRow, endRow, scratch);
      return;
    }
    int firstPanel = firstBlock * Panels.IN_BLOCK;
    int endPanel = endBlock * Panels.IN_BLOCK;
    if (weights instanceof MachinePanels<?> panels) {
      MachineProduct.run(
          geometry,
          panels,
          panels.startAt(inputZeroPoint, scratch),
          epilogue,
          x,
          y,
          null,
          firstRow,
          endRow,
          firstPanel,
          endPanel,
          scratch);
      return;
    }
    Int8Panels panels = (Int8Panels) weights;
    PanelProduct.run(
        geometry,
        panels,
        panels.startAt(inputZeroPoint, scratch),
        epilogue,
        x,
        y,
        null,
        firstRow,
        endRow,
        firstPanel,
        endPanel,
        scratch);
  }

  @Override
  public void depthwise(
      ConvGeometry geometry,
      PackedWeights weights,
      Epilogue epilogue,
      Buffer x,
      Buffer y,
      @Nullable Buffer residual,
      int firstRow,
      int endRow,
      Scratch scratch) {
    DepthwiseTaps taps = (DepthwiseTaps) weights;
    Depthwise.run(
        geometry, taps, taps.start(), epilogue, x, y, residual, firstRow, endRow, scratch);
  }

  @Override
  public void quantize(
      float[] x,
      int from,
      byte[] y,
      int to,
      int count,
      boolean unsigned,
      int zeroPoint,
      float scale) {
    ByteRuns.quantize(x, from, y, to, count, unsigned ? 0 : Byte.MIN_VALUE, zeroPoint, scale);
  }

  @Override
  public void dequantize(byte[] x, int from, Affine8 source, float[] y, int to, int count) {
    ByteRuns.dequantize(x, from, source, y, to, count);
  }

  @Override
  public void requantize(
      byte[] x,
      int from,
      Affine8 source,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch) {
    ByteRuns.requantize(x, from, source, y, to, target, count, scratch);
  }

  @Override
  public void combine(
      boolean multiply,
      byte[] a,
      int fromA,
      int stepA,
      Affine8 sourceA,
      byte[] b,
      int fromB,
      int stepB,
      Affine8 sourceB,
      Activation activation,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch) {
    ByteRuns.combine(
        multiply,
        a,
        fromA,
        stepA,
        sourceA,
        b,
        fromB,
        stepB,
        sourceB,
        activation,
        y,
        to,
        target,
        count,
        scratch);
  }

  @Override
  public void max(byte[] x, int from, byte[] y, int to, int count, boolean unsigned) {
    ByteRuns.max(x, from, y, to, count, unsigned);
  }

  @Override
  public void sum(byte[] x, int from, boolean unsigned, int[] sums, int to, int count) {
    ByteRuns.sum(x, from, unsigned, sums, to, count);
  }

  @Override
  public void lookUp(byte[] x, int from, byte[] table, byte[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = table[x[from + i] & 0xff];
    }
  }
}
