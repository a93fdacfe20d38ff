package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MaxPool of ONNX (opset 22): the largest tap of each window over one to three spatial dimensions,
 * and where it lies in X. Pads do not count.
 */
public final class MaxPool implements OpDefinition {
  /** Order in which positions within a plane are counted: 0 row by row, 1 column by column. */
  public static final Attribute<Long> STORAGE_ORDER = Attribute.ofInt("storage_order", 0);

  private static final Set<ElementType> TYPES = Types.union(Types.FLOATS, Types.BYTES);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("MaxPool")
          .versions(1, 8, 10, 11, 12, 22)
          .input("X", TYPES)
          .output("Y", TYPES)
          .optionalOutput("Indices", Types.INT64)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.CEIL_MODE,
              WindowGeometry.DILATIONS,
              WindowGeometry.KERNEL_SHAPE.required(),
              WindowGeometry.PADS,
              STORAGE_ORDER,
              WindowGeometry.STRIDES)
          .doc("Largest element of each window.");

  private static final PoolWindows WINDOWS = PoolWindows.SLIDING;
  private static final LargestPool LARGEST = new LargestPool(WINDOWS);

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = WINDOWS.shape(call);
    List<TensorType> types = new ArrayList<>();
    types.add(call.type(0).withShape(shape));
    if (call.outputCount() > 1) {
      types.add(new TensorType(ElementType.INT64, shape));
    }
    return types;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Shape shape = WINDOWS.shape(call);
    List<Tensor> outputs = new ArrayList<>();
    outputs.add(LARGEST.evaluate(this, call));
    if (call.outputCount() > 1) {
      outputs.add(PoolBounds.store(this, ElementType.INT64, shape, indices(call, x.toDoubles())));
    }
    return outputs;
  }

  private static double[] indices(OpCall call, double[] values) {
    WindowGeometry geometry = WINDOWS.geometry(call);
    boolean byColumn = call.attributes().isSet(STORAGE_ORDER);
    return WINDOWS.reduce(
        call,
        values,
        (x, plane, taps, count, _) -> {
          if (count == 0) {
            return -1;
          }
          int best = taps[0];
          for (int i = 1; i < count; i++) {
            best = x[plane + taps[i]] > x[plane + best] ? taps[i] : best;
          }
          return plane + (byColumn ? byColumn(best, geometry) : best);
        });
  }

  private static int byColumn(int position, WindowGeometry geometry) {
    int depth = geometry.axes().get(0).input();
    int rows = geometry.axes().get(1).input();
    int columns = geometry.axes().get(2).input();
    int x = position % columns;
    int y = position / columns % rows;
    int z = position / columns / rows;
    return (x * rows + y) * depth + z;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Range values = LARGEST.range(call, Ranges.at(ranges, 0));
    return call.outputCount() > 1 ? List.of(values, Range.ALL) : List.of(values);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst();
    ErrorBound values = LARGEST.error(call, error);
    ErrorBound indices =
        error instanceof ErrorBound.Exact
            ? error
            : ErrorBound.unbounded("the place of a maximum jumps when elements move");
    return call.outputCount() > 1 ? List.of(values, indices) : List.of(values);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(outputs.size(), ErrorBound.EXACT);
  }
}
