package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.internal.simd.ConvGeometry;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * QConvTranspose with 16-bit activations and constant 8-bit weights: one {@link WideProduct} for
 * each {@link OutputPhase} of both axes.
 */
final class WideTransposedKernel implements Kernel {
  private static final Attribute<Long> GROUP = Attribute.ofInt("group", 1);
  private static final int WEIGHTS = 3;

  @Override
  public boolean supports(KernelCall call) {
    return ConvShapes.areSupported(call, WEIGHTS)
        && WideWeights.areSupported(call, call.outputType().shape().intSize(1))
        && Quantization.isSingle(call, 5)
        && QConvTransposeKernel.hasFewPhases(call);
  }

  /** What is packed of each phase, those of one row one beside the other. */
  private record Packed(List<WideProduct.Packed> phases) {}

  @Override
  public PreparedKernel prepare(KernelCall call) {
    List<OutputPhase> rows = OutputPhase.of(QConvTransposeKernel.axes(call).getFirst());
    List<OutputPhase> columns = OutputPhase.of(QConvTransposeKernel.axes(call).getLast());
    boolean kept = QConvTransposeKernel.hasFixedPhases(call);
    Packed packed =
        kept
            ? call.packed().get(call.node(), Packed.class, () -> pack(call, rows, columns))
            : pack(call, rows, columns);
    List<WideProduct> phases = new ArrayList<>();
    for (int i = 0; i < packed.phases().size(); i++) {
      OutputPhase row = rows.get(i / columns.size());
      OutputPhase column = columns.get(i % columns.size());
      if (row.count() > 0 && column.count() > 0) {
        phases.add(phase(call, packed.phases().get(i), row, column));
      }
    }
    return new Prepared(phases, call.outputType(), kept);
  }

  private static Packed pack(KernelCall call, List<OutputPhase> rows, List<OutputPhase> columns) {
    int maps = call.outputType().shape().intSize(1);
    int groups = Math.toIntExact(call.get(GROUP));
    boolean depthwise = call.shape(WEIGHTS).intSize(0) == groups && groups > 1;
    List<WideProduct.Packed> phases = new ArrayList<>();
    for (OutputPhase row : rows) {
      for (OutputPhase column : columns) {
        byte[] bytes = QConvTransposeKernel.bytes(call, row, column, 0, maps);
        phases.add(
            WideWeights.pack(
                call, WideWeights.centred(call, bytes, maps), maps, groups, depthwise));
      }
    }
    return new Packed(phases);
  }

  private static WideProduct phase(
      KernelCall call, WideProduct.Packed packed, OutputPhase row, OutputPhase column) {
    int[] output = call.outputType().shape().intSizes();
    int groups = Math.toIntExact(call.get(GROUP));
    ConvGeometry all =
        QTransposedConvolution.geometry(call.shape(0).intSizes(), output, groups, row, column)
            .ofOneImage();
    List<ConvGeometry> geometries = new ArrayList<>();
    for (int i = 0; i < packed.groups().size(); i++) {
      geometries.add(packed.isDepthwise() ? all : all.group(i, output[1] / groups));
    }
    return new WideProduct(
        packed,
        geometries,
        call.shape(0).intSize(0),
        true,
        Quantization.zero(call, 2),
        null,
        call.outputType(),
        places(row, column, output[output.length - 1]));
  }

  /** Where the pixels of a phase belong in the output; those skipped belong nowhere. */
  private static List<Integer> places(OutputPhase row, OutputPhase column, int width) {
    List<Integer> places = new ArrayList<>();
    for (int y = 0; y < row.computed(); y++) {
      for (int x = 0; x < column.computed(); x++) {
        int line = row.first() + (y - row.skip()) * row.stride();
        int pixel = column.first() + (x - column.skip()) * column.stride();
        places.add(y < row.skip() || x < column.skip() ? -1 : line * width + pixel);
      }
    }
    return places;
  }

  private record Prepared(List<WideProduct> phases, TensorType output, boolean kept)
      implements PreparedKernel {
    @Override
    public boolean isInteger() {
      return true;
    }

    @Override
    public boolean hasTakenIn(int input) {
      return input > 0;
    }

    @Override
    public boolean isPacked(int input) {
      return kept && input == WEIGHTS;
    }

    @Override
    public long packedBytes() {
      return phases.stream().mapToLong(WideProduct::packedBytes).sum();
    }

    @Override
    public void execute(Operands operands, int first, int end, Scratch scratch) {
      int count = Math.toIntExact(output.shape().elementCount());
      WideElements x = WideElements.read(operands.input(0));
      WideElements y = WideElements.write(operands.output(), output.elementType(), count);
      phases.forEach(phase -> phase.run(x, null, y, scratch));
      y.store(output);
    }
  }
}
