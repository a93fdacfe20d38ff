package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far results of an attention move with its inputs. With weights p and values v,
 *
 * <pre>|Σp'v' - Σpv| ≤ |Σp'(v' - v)| + |Σ(p' - p)v| ≤ e_v + min(1, e_s/2) · w</pre>
 *
 * where scores move by at most e_s and w is the width of the values' interval: the derivative of
 * {@code Σpv} along s is the covariance of s and v under p, at most a quarter of the product of
 * their widths (Popoviciu), and that of scores which move by at most e_s is {@code 2 e_s}; nor can
 * a mean leave the interval. A query that attends to nothing gets zero, so that a mask which may
 * change counts as a change of everything.
 */
final class AttentionTransfer {
  private static final double SLACK = 1 + 0x1p-30;

  private AttentionTransfer() {}

  /**
   * The bound on the first output, roundings left out.
   *
   * @param query shape of Q by heads
   */
  static ErrorBound of(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors, Shape query) {
    double moved = error(errors, 2, Attention.PAST_VALUE);
    Interval values = interval(call, ranges, 2, Attention.PAST_VALUE);
    double score = score(call, ranges, errors, query);
    boolean mayChange = !(score < Double.POSITIVE_INFINITY);
    double width = (mayChange ? values.join(Interval.ZERO) : values).width();
    double turned = width == 0 ? 0 : Outward.multiplyUp(Math.min(1, score / 2), width);
    return ErrorBound.uniform(Outward.multiplyUp(Outward.addUp(moved, turned), SLACK));
  }

  /** How far scores move; infinite where masks may change or sizes are not known. */
  private static double score(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors, Shape query) {
    double mask = call.hasInput(Attention.MASK) ? error(errors, Attention.MASK, Attention.MASK) : 0;
    boolean isChoice =
        mask > 0 && !call.type(Attention.MASK).elementType().isFloat()
            || error(errors, Attention.NONPAD, Attention.NONPAD) > 0;
    if (isChoice || !query.dimension(3).isFixed()) {
      return Double.POSITIVE_INFINITY;
    }
    double left = error(errors, 0, 0);
    double right = error(errors, 1, Attention.PAST_KEY);
    if (left == 0 && right == 0) {
      return mask;
    }
    double q = Outward.addUp(Ranges.at(ranges, 0).magnitude(), left);
    double k = interval(call, ranges, 1, Attention.PAST_KEY).magnitude();
    long size = query.size(3);
    Float given = call.attributes().find(Attention.SCALE);
    double scale = given == null ? 1 / Math.sqrt(size) : Math.abs(given);
    double products = times(q, right) + times(k, left);
    return Outward.multiplyUp(scale * size * products + mask, SLACK);
  }

  /** A product in which nothing moves anything by nothing, whatever it is. */
  private static double times(double magnitude, double error) {
    return error == 0 ? 0 : magnitude * error;
  }

  private static double error(List<ErrorBound> errors, int input, int past) {
    double now = input < errors.size() ? errors.get(input).max() : 0;
    return past < errors.size() ? Math.max(now, errors.get(past).max()) : now;
  }

  private static Interval interval(OpCall call, List<@Nullable Range> ranges, int input, int past) {
    Interval now = Ranges.at(ranges, input).hull();
    return call.hasInput(past) ? now.join(Ranges.at(ranges, past).hull()) : now;
  }
}
