package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** GlobalMaxPool of ONNX (opset 22): the largest element of each plane of {@code X [N,C,…]}. */
public final class GlobalMaxPool implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GlobalMaxPool")
          .versions(1, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Largest element of each plane.");

  private static final LargestPool LARGEST = new LargestPool(PoolWindows.GLOBAL);

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withShape(PoolWindows.GLOBAL.shape(call)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(LARGEST.evaluate(this, call));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(LARGEST.range(call, Ranges.at(ranges, 0)));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(LARGEST.error(call, errors.getFirst()));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
