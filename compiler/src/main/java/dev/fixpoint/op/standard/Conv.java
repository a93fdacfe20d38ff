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
 * Conv of ONNX (opset 22): the convolution of {@code X [N,C,…]} with {@code W [M,C/group,…]} over
 * one to three spatial dimensions, plus {@code B [M]}. Padding is zero.
 */
public final class Conv implements OpDefinition {
  /** Number of groups into which channels are divided. */
  public static final Attribute<Long> GROUP = ConvolutionPart.GROUP;

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Conv")
          .versions(1, 11, 22)
          .input("X", Types.FLOATS)
          .input("W", Types.FLOATS)
          .optionalInput("B", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              WindowGeometry.AUTO_PAD,
              WindowGeometry.DILATIONS,
              GROUP,
              WindowGeometry.KERNEL_SHAPE,
              WindowGeometry.PADS,
              WindowGeometry.STRIDES)
          .doc("Convolution over spatial dimensions, plus a bias for each output channel.");

  private static final LinearOperator SUMS = LinearOperator.plain(new ConvolutionPart());

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
}
