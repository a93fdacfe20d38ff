package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.standard.WindowGeometry.Axis;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Every {@code stride}-th position of the output of a transposed convolution along one axis. They
 * all meet the same taps, so together they are an ordinary convolution of the input with these
 * taps, in reverse order and without a stride.
 *
 * @param first the first position
 * @param stride distance of positions
 * @param count number of positions
 * @param taps the taps that they meet, in the order of the input elements under them; maybe none
 * @param dilation distance of those input elements
 * @param pad elements before the input that the first position reaches
 * @param skip input elements before those that the first position reaches
 */
record OutputPhase(
    int first, int stride, int count, List<Integer> taps, int dilation, int pad, int skip) {

  /** The phases of an axis whose windows lie on the output. */
  static List<OutputPhase> of(Axis axis) {
    return IntStream.range(0, axis.stride()).mapToObj(first -> of(axis, first)).toList();
  }

  private static OutputPhase of(Axis axis, int first) {
    int stride = axis.stride();
    int count = Math.max(0, Math.ceilDiv(axis.input() - first, stride));
    int last = axis.kernel() - 1;
    List<Integer> taps =
        IntStream.rangeClosed(0, last)
            .map(tap -> last - tap)
            .filter(tap -> distance(axis, first, tap) % stride == 0)
            .boxed()
            .toList();
    if (taps.isEmpty()) {
      return new OutputPhase(first, stride, count, taps, 1, 0, 0);
    }
    int begin = distance(axis, first, taps.getFirst()) / stride;
    int next = taps.size() == 1 ? begin + 1 : distance(axis, first, taps.get(1)) / stride;
    return new OutputPhase(
        first, stride, count, taps, next - begin, Math.max(0, -begin), Math.max(0, begin));
  }

  /** How far the window behind a tap starts from the first of all. */
  private static int distance(Axis axis, int first, int tap) {
    return first + axis.padBegin() - tap * axis.dilation();
  }

  /** Taps of the convolution: one, of weight 0, where no tap is met. */
  int kernel() {
    return Math.max(1, taps.size());
  }

  /** Positions that the convolution computes: those skipped come first. */
  int computed() {
    return skip + count;
  }
}
