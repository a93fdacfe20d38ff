package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.internal.simd.BlockedWeights;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.internal.simd.FloatKernels;
import dev.fixpoint.runtime.internal.simd.FloatWeights;
import dev.fixpoint.runtime.internal.simd.PackedWeights;
import dev.fixpoint.runtime.internal.simd.RealFunction;
import dev.fixpoint.runtime.internal.simd.machine.MachineCode;
import dev.fixpoint.runtime.internal.simd.machine.MultiplyAdd;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/** The float32 kernels on the same tiles as the integer ones. */
public final class VectorFloatKernels implements FloatKernels {
  private final boolean mayUseMachineCode;

  /**
   * The kernels.
   *
   * @param machineCode whether machine code may be used, where this process can run it
   */
  public VectorFloatKernels(boolean machineCode) {
    this.mayUseMachineCode = machineCode;
  }

  /** Asked when the first product is prepared, because asking takes a while. */
  private static final class Machine {
    static final boolean HAS_CODE = MachineCode.isThere(MultiplyAdd.FLOATS, Species.BITS);

    private Machine() {}
  }

  private boolean usesMachineCode() {
    return mayUseMachineCode && Machine.HAS_CODE;
  }

  @Override
  public PackedWeights pack(FloatWeights weights) {
    return FloatPanels.of(weights, usesMachineCode());
  }

  @Override
  public PackedWeights pack(BlockedWeights weights) {
    return new BlockedPanels(weights);
  }

  @Override
  public PackedWeights packDepthwise(FloatWeights weights) {
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
    TiledPanels panels = (TiledPanels) weights;
    boolean few = panels instanceof BlockedPanels && geometry.outRows() <= BlockedPanels.FEW_ROWS;
    int step = few ? 1 : endRow - firstRow;
    for (int row = firstRow; row < endRow; row += step) {
      PanelProduct.run(
          geometry,
          panels,
          panels.start(),
          epilogue,
          x,
          y,
          residual,
          row,
          row + step,
          firstBlock * Panels.IN_BLOCK,
          endBlock * Panels.IN_BLOCK,
          scratch);
    }
  }

  @Override
  public void multiply(
      int rows, FloatWeights weights, Epilogue epilogue, Buffer x, Buffer y, Scratch scratch) {
    FloatPanels panels = FloatPanels.kept(weights, usesMachineCode(), scratch);
    ConvGeometry g = panels.matrix(rows);
    PanelProduct.run(
        g, panels, panels.start(), epilogue, x, y, null, 0, rows, 0, panels.panels(), scratch);
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
  public void map(
      RealFunction function, float[] x, int from, float[] y, int to, int count, Scratch scratch) {
    FunctionRuns.map(function, x, from, y, to, count, scratch);
  }

  @Override
  public void max(float[] x, int from, float[] y, int to, int count) {
    FloatRuns.max(x, from, y, to, count);
  }

  @Override
  public void extremes(float[] x, int from, int count, float[] extremes) {
    FloatRuns.extremes(x, from, count, extremes);
  }
}
