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
 * LpPool of ONNX (opset 22): the p-norm of each window over one to three spatial dimensions. Pads
 * are zero.
 */
public final class LpPool implements OpDefinition {
  /** The exponent. */
  public static final Attribute<Long> P = Attribute.ofInt("p", 2);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("LpPool")
          .versions(1, 2, 11, 18, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.CEIL_MODE,
              WindowGeometry.DILATIONS,
              WindowGeometry.KERNEL_SHAPE.required(),
              P,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Norm of each window.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withShape(PoolWindows.SLIDING.shape(call)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return norm(call).evaluate(call);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return norm(call).rangeTransfer(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return norm(call).errorTransfer(call, ranges, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return norm(call).localError(call, ranges);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return norm(call).machineError(call, outputs);
  }

  private static NormPool norm(OpCall call) {
    return new NormPool(PoolWindows.SLIDING, call.get(P));
  }
}
