package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input itself: ONNX Identity, opset 21, on tensors. */
public final class Identity implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Identity")
          .versions(1, 13, 14, 16, 19, 21, 23, 24, 25)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .doc("The input itself.");

  Identity() {}

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(call.tensor(0));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Ranges.at(ranges, 0));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(errors.getFirst());
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return call.shapeValue(0);
  }
}
