package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator that computes nothing: each element of each output is an element of its first input,
 * chosen by the other inputs and the attributes. What holds of the elements holds of the output, so
 * ranges, errors, known shape entries and quantization parameters pass through. Elements that come
 * from elsewhere are zero, or those of {@link #filler}.
 *
 * <p>Only {@link #along} is left to say: what becomes of an axis. Where elements have bounds of
 * their own, the operator itself is asked where they go, by evaluating it on their positions.
 */
public interface DataMovement extends OpDefinition {
  /**
   * What becomes of entries that spread along an axis of the first input, in an output; {@link
   * Route#LUMPED} where they mix or where it is not known.
   */
  Route along(OpCall call, int output, Spread.Along spread);

  /** Whether an input says which elements are moved where; the others are data and fillers. */
  default boolean chooses(int input) {
    return input > 0;
  }

  /** The range of the elements that do not come from the first input; null if there are none. */
  default @Nullable Interval filler(OpCall call, List<@Nullable Range> ranges) {
    return null;
  }

  /** The error of the elements that do not come from the first input. */
  default double fillerError(List<ErrorBound> errors) {
    return 0;
  }

  @Override
  default List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Range range = Ranges.at(ranges, 0);
    List<Range> moved = new ArrayList<>();
    for (int output = 0; output < call.outputCount(); output++) {
      Route route = Movement.route(this, call, output, range.spread());
      moved.add(route.apply(range, filler(call, ranges)));
    }
    return moved;
  }

  @Override
  default List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound choice = Movement.choiceError(this, errors);
    ErrorBound error = errors.getFirst();
    List<ErrorBound> moved = new ArrayList<>();
    for (int output = 0; output < call.outputCount(); output++) {
      Route route = Movement.route(this, call, output, error.spread());
      moved.add(route.apply(error, fillerError(errors)).plus(choice));
    }
    return moved;
  }

  @Override
  default List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), ErrorBound.EXACT);
  }

  @Override
  default List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(outputs.size(), ErrorBound.EXACT);
  }

  @Override
  default @Nullable ShapeValue shapeValue(OpCall call) {
    return Movement.shapeValue(this, call);
  }
}
