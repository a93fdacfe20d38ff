package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ranges and errors of operands, seen from a broadcast result. */
class EntriesTest {
  private static final Shape IMAGE =
      Shape.of(List.of(Dimension.of("N"), Dimension.of(2), Dimension.of("H")));

  private static Range points(double... values) {
    return Range.perElement(Arrays.stream(values).mapToObj(Interval::point).toList());
  }

  private static Range sum(Shape output, List<Shape> shapes, Range... ranges) {
    return Entries.of(output, shapes, List.of(ranges)).range(x -> x[0].plus(x[1]));
  }

  @Test
  void aBiasOfEveryChannelStaysByChannelUnderASymbolicBatch() {
    Range activations = Range.perChannel(1, List.of(new Interval(0, 1), new Interval(0, 2)));
    Range sum = sum(IMAGE, List.of(IMAGE, Shape.of(1, 2, 1)), activations, points(10, 20));
    assertThat(sum.spread())
        .isEqualTo(Range.perChannel(1, List.of(Interval.ZERO, Interval.ZERO)).spread());
    assertThat(sum.intervals()).containsExactly(new Interval(10, 11), new Interval(20, 22));
  }

  @Test
  void aRowAndAColumnMeetInElements() {
    Shape output = Shape.of(2, 3);
    Range sum = sum(output, List.of(Shape.of(2, 1), Shape.of(3)), points(10, 20), points(1, 2, 3));
    assertThat(sum.intervals().stream().map(Interval::low).toList())
        .containsExactly(11.0, 12.0, 13.0, 21.0, 22.0, 23.0);
  }

  @Test
  void whatCannotBeAlignedIsJoined() {
    Range rows = Range.perChannel(0, List.of(Interval.point(1), Interval.point(5)));
    Range sum = sum(Shape.UNRANKED, List.of(Shape.UNRANKED, Shape.SCALAR), rows, Range.of(0, 0));
    assertThat(sum.hull()).isEqualTo(new Interval(1, 5));
    assertThat(sum.intervals()).hasSize(1);
  }

  @Test
  void aTensorWithoutElementsHasRangesToo() {
    Shape empty = Shape.of(0, 3);
    Range sum = sum(empty, List.of(empty, Shape.of(3)), points(), points(1, 2, 3));
    assertThat(sum.hull().isBounded()).isTrue();
  }

  @Test
  void onlyEntriesThatMoveGetAnError() {
    Shape shape = Shape.of(2);
    ErrorBound error =
        Entries.of(
                shape,
                List.of(shape, shape),
                List.of(points(1, 2), points(3, 4)),
                List.of(ErrorBound.perElement(0, 0.5), ErrorBound.EXACT))
            .error((_, moves) -> moves[0] + moves[1] + 1);
    assertThat(error.allowances()).containsExactly(0, 1.5);
  }

  @Test
  void theReasonForHavingNoBoundSurvives() {
    ErrorBound none = ErrorBound.unbounded("somebody said so");
    assertThat(Entries.ofSame(Shape.of(2), Range.of(0, 1), none).error((_, _) -> 0))
        .isEqualTo(none);
  }
}
