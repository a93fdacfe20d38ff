package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The identity, with a mask of what was kept: everything. In training it would drop elements at
 * random, which is refused.
 */
public final class Dropout implements OpDefinition {
  /** Seed of the random choice in training. */
  public static final Attribute<Long> SEED = Attribute.ofInt("seed");

  /** {@code output, mask? = Dropout(data, ratio?, training_mode?)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Dropout")
          .versions(1, 6, 7, 10, 12, 13, 22)
          .input("data", Types.FLOATS)
          .optionalInput("ratio", Types.FLOATS)
          .optionalInput("training_mode", Types.BOOL)
          .output("output", Types.FLOATS)
          .optionalOutput("mask", Types.BOOL)
          .attributes(SEED)
          .doc("The identity outside of training.");

  private static final int RATIO = 1;
  private static final int TRAINING_MODE = 2;
  private static final double DEFAULT_RATIO = 0.5;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType data = call.type(0);
    return List.of(data, data.withElementType(ElementType.BOOL)).subList(0, call.outputCount());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    if (!isIdentity(call)) {
      throw new UnsupportedOperationException(
          "Dropout in training drops elements at random; set training_mode to false");
    }
    Tensor data = call.tensor(0);
    return List.of(data, Tensor.filled(ElementType.BOOL, data.shape(), 1))
        .subList(0, call.outputCount());
  }

  /** Whether the call is known to drop nothing. */
  private static boolean isIdentity(OpCall call) {
    Tensor training = call.constant(TRAINING_MODE);
    if (!call.hasInput(TRAINING_MODE)
        || (training != null && Axes.single(training, TRAINING_MODE).longAt(0) == 0)) {
      return true;
    }
    Tensor ratio = call.constant(RATIO);
    double share = ratio == null ? DEFAULT_RATIO : Axes.single(ratio, RATIO).doubleAt(0);
    return share == 0;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Range data = isIdentity(call) ? Ranges.at(ranges, 0) : Range.ALL;
    Range mask = Range.of(isIdentity(call) ? Interval.point(1) : new Interval(0, 1));
    return List.of(data, mask).subList(0, call.outputCount());
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (!isIdentity(call)) {
      return localError(call, ranges);
    }
    return List.of(errors.getFirst(), ErrorBound.EXACT).subList(0, call.outputCount());
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(
        call.outputCount(),
        isIdentity(call)
            ? ErrorBound.EXACT
            : ErrorBound.unbounded("Dropout in training drops elements at random"));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(outputs.size(), ErrorBound.EXACT);
  }
}
