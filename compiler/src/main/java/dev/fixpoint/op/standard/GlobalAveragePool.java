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

/** GlobalAveragePool of ONNX (opset 22): the mean of each plane of {@code X [N,C,…]}. */
public final class GlobalAveragePool implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GlobalAveragePool")
          .versions(1, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .doc("Mean of each plane.");

  private static final MeanPool MEAN = new MeanPool(PoolWindows.GLOBAL, false);

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
    return MEAN.evaluate(call);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return MEAN.rangeTransfer(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return MEAN.errorTransfer(call, ranges, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return MEAN.localError(call, ranges);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return MEAN.machineError(call, outputs);
  }
}
