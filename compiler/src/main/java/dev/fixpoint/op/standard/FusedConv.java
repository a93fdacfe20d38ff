package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FusedConv of this project: {@code act(Conv(X, W, B) + Z)}, rounded once, with the attributes of
 * {@link Conv} and those of {@link Activation}. Z has the shape of the result.
 */
public final class FusedConv implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FusedConv"))
          .versions(1)
          .input("X", Types.FLOATS)
          .input("W", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .optionalInput("Z", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.DILATIONS,
              Conv.GROUP,
              WindowGeometry.KERNEL_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("Convolution, then a residual added, then an activation.");

  private static final LinearOperator SUMS = LinearOperator.withResidual(new ConvolutionPart(), 3);

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return SUMS.inferTypes(call);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return SUMS.evaluate(call);
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return SUMS.rangeTransfer(call, ranges);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return SUMS.errorTransfer(call, ranges, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return SUMS.localError(call, ranges);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return SUMS.machineError(call, outputs);
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return ConvolutionPart.multiplyAccumulates(call);
  }

  @Override
  public Expansion expansion(OpCall call) {
    return FusedExpansion.of(call, OpId.of("Conv"), 3, 3);
  }
}
