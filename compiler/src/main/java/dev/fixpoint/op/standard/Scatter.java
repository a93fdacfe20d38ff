package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX {@code Scatter} until opset 10, since then ScatterElements: writes each update to its own
 * place in the data, but at its index along the axis.
 */
public final class Scatter implements OpDefinition {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", 0);

  /** {@code output = Scatter(data, indices, updates)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Scatter")
          .versions(9, 11)
          .input("data", Types.ALL)
          .input("indices", Types.INDICES)
          .input("updates", Types.ALL)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("The old name of ScatterElements.");

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
    Tensor data = call.tensor(0);
    int[] positions = GatherElements.positions(data.shape(), call.tensor(1), call.get(AXIS));
    return List.of(
        Scattering.scatter(data, call.tensor(2), positions, call.get(Scattering.REDUCTION)));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Scattering.range(call, ranges));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(Scattering.error(call, ranges, errors));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Scattering.rounding(call, ranges));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
