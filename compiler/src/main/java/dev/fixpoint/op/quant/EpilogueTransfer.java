package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.QuantParams;
import java.util.ArrayList;
import java.util.List;

/**
 * How ranges and errors of accumulators pass through an epilogue.
 *
 * @param epilogue the epilogue
 * @param bounds what is known of the accumulators
 * @param residual interval of the residual in real units; zero where there is none
 */
record EpilogueTransfer(Epilogue epilogue, AccumulatorBounds bounds, Interval residual) {

  /** The range of the output, by channel of the given axis. */
  Range range(int axis) {
    List<Interval> intervals = new ArrayList<>();
    for (int c = 0; c < channels(); c++) {
      Interval real = real(c);
      QuantParams output = epilogue.output();
      intervals.add(output == null ? real : quantized(real, output));
    }
    return channels() == 1 ? Range.of(intervals.getFirst()) : Range.perChannel(axis, intervals);
  }

  private Interval quantized(Interval real, QuantParams output) {
    Interval integers = StepTransfers.quantized(real, output);
    // The form with one multiplication may round to the neighbouring step.
    return integers.widened(1).clamped(epilogue.low(), epilogue.high());
  }

  private Interval real(int channel) {
    Interval scaled = before(channel);
    return StepTransfers.relative(epilogue.activation().image(scaled));
  }

  private Interval before(int channel) {
    return StepTransfers.relative(
        StepTransfers.relative(sum(channel).times(scale(channel))).plus(residual));
  }

  private Interval sum(int channel) {
    return bounds.sums().get(bounds.channels() == 1 ? 0 : channel);
  }

  private float scale(int channel) {
    return epilogue.accumulatorScale(epilogue.channels() == 1 ? 0 : channel);
  }

  private int channels() {
    return Math.max(bounds.channels(), epilogue.channels());
  }

  /**
   * The error of the output, by channel of the given axis.
   *
   * @param xError error of the left operand in its steps
   * @param weightError error of the weights in their steps
   * @param biasError error of the bias in accumulator steps
   * @param residualError error of the residual in real units
   */
  ErrorBound error(
      int axis,
      ErrorBound xError,
      ErrorBound weightError,
      ErrorBound biasError,
      ErrorBound residualError) {
    ErrorBound all = xError.uniform().join(weightError.uniform()).join(biasError.uniform());
    all = all.join(residualError.uniform());
    if (all instanceof ErrorBound.Exact || !all.isBounded()) {
      return all;
    }
    double[] moved = new double[channels()];
    for (int c = 0; c < moved.length; c++) {
      int accumulators = bounds.channels() == 1 ? 0 : c;
      double real =
          (bounds.moved(accumulators, xError.max(), weightError.max()) + biasAt(biasError, c))
                  * scale(c)
              + residualError.max();
      double after = real * (1 + 0x1p-50) * epilogue.activation().lipschitz();
      double magnitude =
          sum(c).magnitude() * scale(c) + residual.magnitude() + residualError.max() + after;
      moved[c] = output(after, magnitude);
    }
    return moved.length == 1 ? ErrorBound.uniform(moved[0]) : ErrorBound.perChannel(axis, moved);
  }

  private double biasAt(ErrorBound biasError, int channel) {
    double[] errors = biasError.allowances();
    return errors.length == channels() ? errors[channel] : biasError.max();
  }

  /**
   * The distance of the output from the function over the reals: a few float32 roundings where it
   * is float. An integer output stands for its own specification.
   */
  ErrorBound local(int axis) {
    if (epilogue.output() != null) {
      return ErrorBound.EXACT;
    }
    double lipschitz = Math.max(1, epilogue.activation().lipschitz());
    double[] roundings = new double[channels()];
    for (int c = 0; c < roundings.length; c++) {
      double magnitude = sum(c).magnitude() * scale(c) + residual.magnitude();
      roundings[c] = 8 * 0x1p-24 * magnitude * lipschitz + Float.MIN_NORMAL;
    }
    return roundings.length == 1
        ? ErrorBound.uniform(roundings[0])
        : ErrorBound.perChannel(axis, roundings);
  }

  private double output(double moved, double magnitude) {
    QuantParams output = epilogue.output();
    return output == null
        ? moved + 8 * 0x1p-23 * magnitude + Float.MIN_NORMAL
        : StepTransfers.steps(moved, magnitude, output);
  }
}
