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
 * FusedGemm of this project: {@code act(alpha · A' · B' + beta · C)}, rounded once, with the
 * attributes of {@link Gemm} and those of {@link Activation}.
 */
public final class FusedGemm implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("FusedGemm"))
          .versions(1)
          .input("A", Types.FLOATS)
          .input("B", Types.FLOATS)
          .optionalInput("C", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(
              Gemm.ALPHA,
              Gemm.BETA,
              Gemm.TRANS_A,
              Gemm.TRANS_B,
              Activation.KIND,
              Activation.PARAMETERS)
          .doc("Matrix product with factors and an addend, then an activation.");

  private static final LinearOperator SUMS = LinearOperator.activated(new GemmPart());

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
    return GemmPart.multiplyAccumulates(call);
  }

  @Override
  public Expansion expansion(OpCall call) {
    return FusedExpansion.of(call, OpId.of("Gemm"), 3, 3);
  }
}
