package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The negative log-probability of the right class, weighted and reduced: ONNX
 * NegativeLogLikelihoodLoss. The input is [batch, classes, …], the target [batch, …].
 */
public final class NegativeLogLikelihoodLoss implements OpDefinition {
  /** {@code none}, {@code sum}, or {@code mean}, which divides by the sum of the weights. */
  public static final Attribute<String> REDUCTION = ClassLoss.REDUCTION;

  /** A target that counts nothing. */
  public static final Attribute<Long> IGNORE_INDEX = ClassLoss.IGNORE_INDEX;

  /** {@code loss = NegativeLogLikelihoodLoss(input, target, weight?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("NegativeLogLikelihoodLoss")
          .versions(12, 13, 22)
          .input("input", Types.FLOATS)
          .input("target", Types.INDICES)
          .optionalInput("weight", Types.FLOATS)
          .output("loss", Types.FLOATS)
          .attributes(IGNORE_INDEX, REDUCTION)
          .doc("The negative log-probability of the right class.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(ClassLoss.type(call));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(ClassLoss.of(call, call.tensor(0).toDoubles()));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, Range.ALL);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return ClassLoss.errors(call, errors);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return ClassLoss.unbounded(call);
  }
}
