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
 * The negative logarithm of the softmax of the right class's score, weighted and reduced, and the
 * logarithm of the softmax. Scores are [batch, classes, …], labels [batch, …].
 */
public final class SoftmaxCrossEntropyLoss implements OpDefinition {
  /** {@code none}, {@code sum}, or {@code mean}, which divides by the sum of the weights. */
  public static final Attribute<String> REDUCTION = ClassLoss.REDUCTION;

  /** A target that counts nothing. */
  public static final Attribute<Long> IGNORE_INDEX = ClassLoss.IGNORE_INDEX;

  /** {@code output, log_prob? = SoftmaxCrossEntropyLoss(scores, labels, weights?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("SoftmaxCrossEntropyLoss")
          .versions(12, 13)
          .input("scores", Types.FLOATS)
          .input("labels", Types.INDICES)
          .optionalInput("weights", Types.FLOATS)
          .output("output", Types.FLOATS)
          .optionalOutput("log_prob", Types.FLOATS)
          .attributes(IGNORE_INDEX, REDUCTION)
          .doc("The cross entropy of scores and labels.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(ClassLoss.type(call), call.type(0)).subList(0, call.outputCount());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor scores = call.tensor(0);
    double[] logs = ClassLoss.logSoftmax(scores.toDoubles(), scores.shape());
    Tensor loss = ClassLoss.of(call, logs);
    return call.outputCount() == 1
        ? List.of(loss)
        : List.of(loss, Tensor.ofDoubles(scores.elementType(), scores.shape(), logs));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), Range.ALL);
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
