package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Entries that spread over tensors, after the tensors are joined along an axis.
 *
 * @param <T> an interval or an allowance
 * @param spread how the entries spread over the result
 * @param entries the entries
 */
record Joined<T>(Spread spread, List<T> entries) {
  /** The range of the result of joining tensors along an axis. */
  static Range ranges(List<Shape> shapes, int axis, List<Range> ranges) {
    List<Joined<Interval>> parts =
        ranges.stream().map(r -> new Joined<>(r.spread(), r.intervals())).toList();
    Joined<Interval> joined = of(shapes, axis, parts, Interval::join);
    return switch (joined.spread) {
      case Spread.Along along -> Range.perChannel(along.axis(), joined.entries);
      case Spread.Elements _ -> Range.perElement(joined.entries);
      case Spread.Uniform _ -> Range.of(joined.entries.getFirst());
    };
  }

  /** The error bound of the result of joining tensors along an axis. */
  static ErrorBound errors(List<Shape> shapes, int axis, List<ErrorBound> errors) {
    for (ErrorBound error : errors) {
      if (!error.isBounded()) {
        return error;
      }
    }
    List<Joined<Double>> parts = new ArrayList<>();
    for (ErrorBound error : errors) {
      parts.add(new Joined<>(error.spread(), Arrays.stream(error.allowances()).boxed().toList()));
    }
    Joined<Double> joined = of(shapes, axis, parts, Math::max);
    double[] values = joined.entries.stream().mapToDouble(Double::doubleValue).toArray();
    return ErrorBound.of(joined.spread, values);
  }

  private static <T> Joined<T> of(
      List<Shape> shapes, int axis, List<Joined<T>> parts, BinaryOperator<T> join) {
    boolean isElementwise = parts.stream().allMatch(p -> p.spread instanceof Spread.Elements);
    if (isElementwise && shapes.stream().allMatch(Shape::isStatic)) {
      return elements(shapes, axis, parts);
    }
    boolean hasSizes =
        shapes.stream().allMatch(shape -> shape.isRanked() && shape.dimension(axis).isFixed());
    if (hasSizes && parts.stream().anyMatch(part -> part.isAlong(axis))) {
      return channels(shapes, axis, parts, join);
    }
    List<T> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.entries));
    return new Joined<>(
        Spread.UNIFORM, List.of(all.stream().reduce(join).orElseThrow(Joined::empty)));
  }

  private static IllegalArgumentException empty() {
    return new IllegalArgumentException("there is nothing to join");
  }

  private boolean isAlong(int axis) {
    return spread instanceof Spread.Along along && along.axis() == axis;
  }

  private static <T> Joined<T> elements(List<Shape> shapes, int axis, List<Joined<T>> parts) {
    List<T> chained = new ArrayList<>();
    parts.forEach(part -> chained.addAll(part.entries));
    List<T> entries = new ArrayList<>();
    for (int position : positions(shapes, axis)) {
      entries.add(chained.get(position));
    }
    return new Joined<>(new Spread.Elements(entries.size()), entries);
  }

  private static <T> Joined<T> channels(
      List<Shape> shapes, int axis, List<Joined<T>> parts, BinaryOperator<T> join) {
    List<T> entries = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Joined<T> part = parts.get(i);
      int size = shapes.get(i).intSize(axis);
      if (part.isAlong(axis)) {
        entries.addAll(part.entries);
      } else if (size > 0) {
        T hull = part.entries.stream().reduce(join).orElseThrow(Joined::empty);
        entries.addAll(Collections.nCopies(size, hull));
      }
    }
    return new Joined<>(new Spread.Along(axis, entries.size()), entries);
  }

  /**
   * For each element of the result its position in the chain of all elements of the first tensor,
   * of the second, and so on.
   */
  static int[] positions(List<Shape> shapes, int axis) {
    long total = shapes.stream().mapToLong(Shape::elementCount).reduce(0, Math::addExact);
    int[] positions = new int[Math.toIntExact(total)];
    int outer = 1;
    for (int i = 0; i < axis; i++) {
      outer = Math.multiplyExact(outer, shapes.getFirst().intSize(i));
    }
    int row = outer == 0 ? 0 : positions.length / outer;
    int source = 0;
    int column = 0;
    for (Shape shape : shapes) {
      int width = outer == 0 ? 0 : (int) (shape.elementCount() / outer);
      for (int i = 0; i < outer; i++) {
        for (int j = 0; j < width; j++) {
          positions[i * row + column + j] = source++;
        }
      }
      column += width;
    }
    return positions;
  }
}
