package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The distance of an attention computed in double, and rounded once, from the exact one.
 *
 * <p>A score is off by at most {@code e = (d + 4) u |scale| d |q| |k|} and what the mask adds. The
 * softmax turns that into a relative error of {@code 4 e} of each weight where e is small, to which
 * the exponential and the sums over the keys add a few u each; the weights add up to one.
 */
final class AttentionRounding {
  /** Unit roundoff of double. */
  private static final double U = 0x1p-53;

  private static final double LARGEST = 0.25;

  private AttentionRounding() {}

  /**
   * The distance of the first output.
   *
   * @param query shape of Q by heads
   * @param keys number of keys, with past ones
   */
  static ErrorBound of(OpCall call, List<@Nullable Range> ranges, Shape query, long keys) {
    long size = query.size(3);
    Float given = call.attributes().find(Attention.SCALE);
    double scale = given == null ? 1 / Math.sqrt(size) : Math.abs(given);
    double keyMagnitude = magnitude(call, ranges, 1, Attention.PAST_KEY);
    double values = magnitude(call, ranges, 2, Attention.PAST_KEY + 1);
    double score = scale * size * Ranges.at(ranges, 0).magnitude() * keyMagnitude;
    double mask = call.hasInput(Attention.MASK) ? finite(Ranges.at(ranges, Attention.MASK)) : 0;
    double softcap = Math.abs(call.get(Attention.SOFTCAP));
    double error = U * ((size + 4) * score + 4 * mask + 8 * softcap);
    if (!(error <= LARGEST)) {
      return ErrorBound.unbounded("the scores of Attention have no small rounding error");
    }
    double inDouble = values * (4 * error + (4 * keys + 32) * U);
    return ErrorBound.uniform(
        Transfers.halfUlp(call.type(0).elementType(), Math.nextUp(values + inDouble))
            + Math.nextUp(2 * inDouble));
  }

  private static double magnitude(OpCall call, List<@Nullable Range> ranges, int input, int past) {
    double now = Ranges.at(ranges, input).magnitude();
    return call.hasInput(past) ? Math.max(now, Ranges.at(ranges, past).magnitude()) : now;
  }

  /** The largest finite magnitude; what is masked by minus infinity adds no rounding. */
  private static double finite(Range mask) {
    double high = mask.hull().high();
    double low = mask.hull().low();
    return Math.max(Math.abs(high), Double.isInfinite(low) ? 0 : Math.abs(low));
  }
}
