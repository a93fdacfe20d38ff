package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the states of a recurrent layer with its default activations move from step to step: the
 * product rule for each gate, where sigmoid has slopes up to 1/4 and values up to 1, tanh slopes
 * and values up to 1. Hidden states stay within {@code H = max(1, |h0|)}; cell states grow by at
 * most 1 a step.
 */
final class RecurrentTransfer {
  /** Room for sums in double, relative to their terms. */
  private static final double ROUNDINGS = 0x1p-40;

  private static final double SLACK = 1 + 0x1p-30;
  private static final double SIGMOID_SLOPE = 0.25;

  private final OpCall call;
  private final List<@Nullable Range> ranges;
  private final List<ErrorBound> errors;
  private final int gates;
  private final boolean isRounding;
  private final double largestHidden;
  private final double[] fromInput;
  private final double[] gain;
  private double largestCell;
  private double hidden;
  private double cell;

  /**
   * The distances at the beginning.
   *
   * @param errors how far inputs move; exact where the distance of reference and real is asked for
   * @param isRounding whether that distance is asked for
   */
  private RecurrentTransfer(
      OpCall call,
      List<@Nullable Range> ranges,
      List<ErrorBound> errors,
      int gates,
      boolean isRounding) {
    this.call = call;
    this.ranges = ranges;
    this.errors = errors;
    this.gates = gates;
    this.isRounding = isRounding;
    this.hidden = error(RecurrentOperator.INITIAL_H);
    this.cell = error(RecurrentOperator.INITIAL_C);
    this.largestHidden = Math.max(1, magnitude(RecurrentOperator.INITIAL_H)) + hidden;
    this.largestCell = magnitude(RecurrentOperator.INITIAL_C) + cell;
    this.fromInput = new double[gates];
    this.gain = new double[gates];
    for (int gate = 0; gate < gates; gate++) {
      prepare(gate);
    }
  }

  /** How far states are from those of inputs that moved: hidden, then cell. */
  static double[] moved(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors, int gates, long steps) {
    return new RecurrentTransfer(call, ranges, errors, gates, false).after(steps);
  }

  /** How far states that were computed in double are from real ones: hidden, then cell. */
  static double[] rounded(OpCall call, List<@Nullable Range> ranges, int gates, long steps) {
    List<ErrorBound> none = Transfers.each(call.inputCount(), ErrorBound.EXACT);
    return new RecurrentTransfer(call, ranges, none, gates, true).after(steps);
  }

  private double error(int input) {
    return input < errors.size() ? errors.get(input).max() : 0;
  }

  private double magnitude(int input) {
    return call.hasInput(input) ? Ranges.at(ranges, input).magnitude() : 0;
  }

  /**
   * What a gate's argument gets from the input in each step, and from a hidden state that moves.
   */
  private void prepare(int gate) {
    double x = magnitude(RecurrentOperator.X) + error(RecurrentOperator.X);
    double w = rowSum(RecurrentOperator.W, gate);
    double r = rowSum(RecurrentOperator.R, gate);
    double width = call.type(RecurrentOperator.W).shape().size(2);
    double size = call.type(RecurrentOperator.R).shape().size(2);
    double ofWeights =
        times(width * x, error(RecurrentOperator.W))
            + times(size * largestHidden, error(RecurrentOperator.R));
    gain[gate] = r + times(size, error(RecurrentOperator.R));
    fromInput[gate] =
        times(w, error(RecurrentOperator.X)) + ofWeights + 2 * error(RecurrentOperator.B);
    if (isRounding) {
      double terms = w * x + r * largestHidden + 2 * magnitude(RecurrentOperator.B) + 1;
      fromInput[gate] += ROUNDINGS * terms;
    }
  }

  private static double times(double magnitude, double error) {
    return error == 0 ? 0 : magnitude * error;
  }

  /** The largest sum of magnitudes in a row of a gate's weights. */
  private double rowSum(int input, int gate) {
    int columns = call.type(input).shape().intSize(2);
    Tensor weights = call.constant(input);
    if (weights == null) {
      return columns * magnitude(input);
    }
    double[] values = weights.toDoubles();
    int size = call.type(RecurrentOperator.R).shape().intSize(2);
    double largest = 0;
    for (int row = 0; row < values.length / Math.max(1, columns); row++) {
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += Math.abs(values[row * columns + i]);
      }
      largest = row / size % gates == gate ? Math.max(largest, sum) : largest;
    }
    return largest;
  }

  private double[] after(long steps) {
    double widest = 0;
    for (long step = 0; step < steps; step++) {
      double before = hidden;
      switch (gates) {
        case 1 -> hidden = Math.min(2, argument(0, hidden));
        case 3 -> gatedUnit();
        default -> longMemory();
      }
      widest = Math.max(widest, hidden);
      if (gates != 4 && hidden == before) {
        break;
      }
    }
    return new double[] {
      Outward.multiplyUp(Math.max(widest, error(RecurrentOperator.INITIAL_H)), SLACK),
      Outward.multiplyUp(cell, SLACK)
    };
  }

  private double argument(int gate, double state) {
    return fromInput[gate] + times(gain[gate], state);
  }

  private double sigmoid(double argument) {
    return Math.min(1, SIGMOID_SLOPE * argument + rounding(1));
  }

  private double rounding(double magnitude) {
    return isRounding ? ROUNDINGS * magnitude : 0;
  }

  /** {@code h'' - h' = (1 - z')(n' - n) + z'(h' - h) + (z' - z)(h - n)}. */
  private void gatedUnit() {
    double update = sigmoid(argument(0, hidden));
    double reset = sigmoid(argument(1, hidden));
    boolean linear = call.attributes().isSet(Gru.LINEAR_BEFORE_RESET);
    double recurrent =
        linear
            ? argument(2, hidden)
                + reset * (gain[2] * largestHidden + magnitude(RecurrentOperator.B))
            : argument(2, hidden + reset * largestHidden);
    double candidate = Math.min(2, recurrent + rounding(1));
    double next = Math.max(candidate, hidden) + update * (largestHidden + 1);
    hidden = Math.min(2 * largestHidden, next + rounding(largestHidden));
  }

  /** {@code c'' - c' = f'(c' - c) + (f' - f)c + i'(g' - g) + (i' - i)g}, and so the output. */
  private void longMemory() {
    double input = sigmoid(argument(0, hidden) + peephole());
    double forget =
        call.attributes().isSet(Lstm.INPUT_FORGET)
            ? input
            : sigmoid(argument(2, hidden) + peephole());
    double candidate = Math.min(2, argument(3, hidden) + rounding(1));
    cell = cell + times(largestCell, forget) + candidate + input + rounding(largestCell + 1);
    largestCell += 1;
    cell = Math.min(cell, 2 * largestCell);
    double output = sigmoid(argument(1, hidden) + peephole());
    hidden = Math.min(2, Math.min(2, cell + rounding(1)) + output + rounding(1));
  }

  /** What a peephole adds to an argument. */
  private double peephole() {
    double weight = magnitude(RecurrentOperator.P);
    double moved = error(RecurrentOperator.P);
    return times(weight + moved, cell)
        + times(largestCell, moved)
        + rounding(times(weight, largestCell));
  }
}
