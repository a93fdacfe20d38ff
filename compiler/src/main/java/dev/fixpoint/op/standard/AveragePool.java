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
 * AveragePool of ONNX (opset 22): the mean of each window over one to three spatial dimensions. The
 * divisor is the number of taps inside the input or, with {@code count_include_pad}, inside the
 * input and its declared pads; positions that only {@code ceil_mode} adds never count.
 */
public final class AveragePool implements OpDefinition {
  /** Whether taps in the pads count as zeros. */
  public static final Attribute<Long> COUNT_INCLUDE_PAD = Attribute.ofInt("count_include_pad", 0);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("AveragePool")
          .versions(1, 7, 10, 11, 19, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.CEIL_MODE,
              COUNT_INCLUDE_PAD,
              WindowGeometry.DILATIONS,
              WindowGeometry.KERNEL_SHAPE.required(),
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Mean of each window.");

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
    return mean(call).evaluate(call);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return mean(call).rangeTransfer(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return mean(call).errorTransfer(call, ranges, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return mean(call).localError(call, ranges);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return mean(call).machineError(call, outputs);
  }

  private static MeanPool mean(OpCall call) {
    return new MeanPool(PoolWindows.SLIDING, call.attributes().isSet(COUNT_INCLUDE_PAD));
  }
}
