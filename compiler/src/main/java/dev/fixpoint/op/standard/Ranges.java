package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Range;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Access to the ranges of the inputs of a call. */
final class Ranges {
  private Ranges() {}

  /** The range of an input that has to be there. */
  static Range at(List<@Nullable Range> ranges, int index) {
    Range range = index < ranges.size() ? ranges.get(index) : null;
    if (range == null) {
      throw new IllegalArgumentException("input " + index + " is missing");
    }
    return range;
  }

  /** The ranges of inputs that all have to be there. */
  static List<Range> all(List<@Nullable Range> ranges, int count) {
    return IntStream.range(0, count).mapToObj(i -> at(ranges, i)).toList();
  }
}
