package dev.fixpoint.transform;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;

/** Side conditions on the numbers of a constant. */
final class NumberConditions {
  /** The largest scale with which no number of 16 bits overflows float32. */
  private static final double LARGEST_SCALE = 0x1p127 / 0x1p16;

  /** Steps between this and its inverse multiply without leaving float32's normal numbers. */
  private static final double SMALLEST_STEP = 0x1p-30;

  private NumberConditions() {}

  /** {@code is_number(c)}: a value of one element and of rank 0 or 1. */
  static Condition isNumber(Capture<Value> c) {
    return Condition.soundness(
            "is_number(" + c + ")",
            match -> {
              Shape shape = match.type(match.get(c)).shape();
              return shape.isStatic() && shape.rank() <= 1 && shape.elementCount() == 1;
            })
        .withHooks(
            (graph, match, random) -> {
              Shape shape = random.nextBoolean() ? Shape.SCALAR : Shape.of(1);
              graph.retype(match.get(c), match.type(match.get(c)).withShape(shape));
              return true;
            },
            (graph, match, _) -> {
              graph.retype(
                  match.get(c), match.type(match.get(c)).withShape(Shape.of(1, 1, 1, 1, 1)));
              return true;
            });
  }

  /** {@code fits_float(c)}: an attribute of type float holds every element of a constant. */
  static Condition fitsFloat(Capture<Value> c) {
    return Condition.soundness(
            "fits_float(" + c + ")",
            match ->
                match
                    .findConstant(c)
                    .filter(t -> Arrays.stream(t.toDoubles()).anyMatch(v -> v != (float) v))
                    .isEmpty())
        .withHooks(
            (graph, match, random) ->
                set(graph, match, c, match.constant(c).shape(), random.nextInt(1, 64) / 32.0),
            (graph, match, random) -> {
              boolean isDouble = match.constant(c).elementType() == ElementType.DOUBLE;
              return isDouble
                  && set(graph, match, c, match.constant(c).shape(), random.nextDouble(1, 2));
            });
  }

  /** {@code is_power_of_two(c)}: constants above zero whose reciprocals float32 holds as well. */
  static Condition isPowerOfTwo(Capture<Value> c) {
    return Condition.soundness(
            "is_power_of_two(" + c + ")",
            match ->
                match
                    .findConstant(c)
                    .filter(t -> !Arrays.stream(t.toDoubles()).allMatch(NumberConditions::isPower))
                    .isEmpty())
        .withHooks(
            (graph, match, random) ->
                set(
                    graph,
                    match,
                    c,
                    match.constant(c).shape(),
                    Math.scalb(1.0, random.nextInt(-3, 5))),
            (graph, match, random) ->
                set(graph, match, c, match.constant(c).shape(), random.nextInt(1, 99) * 2 + 1));
  }

  private static boolean isPower(double value) {
    int exponent = Math.getExponent(value);
    return value == Math.scalb(1.0, exponent) && Math.abs(exponent) < Float.MAX_EXPONENT;
  }

  /**
   * {@code is_moderate(s)}: constant scales above zero that no number of 16 bits takes beyond
   * float32. A product with a scale below the normal numbers is exact, or normal itself.
   */
  static Condition isModerate(Capture<Value> s) {
    return Condition.soundness(
            "is_moderate(" + s + ")",
            match ->
                match
                    .findConstant(s)
                    .filter(
                        t ->
                            Arrays.stream(t.toDoubles()).allMatch(v -> v > 0 && v <= LARGEST_SCALE))
                    .isPresent())
        .withHooks(
            (graph, match, random) ->
                set(graph, match, s, match.constant(s).shape(), random.nextDouble(0x1p-8, 2)),
            (graph, match, random) ->
                set(graph, match, s, match.constant(s).shape(), random.nextBoolean() ? 0 : 3e38));
  }

  /**
   * {@code is_step(s)}: all elements of a constant are above zero and so far from the ends of
   * float32 that three of them, and a sum of integers, multiply to normal numbers.
   */
  static Condition isStep(Capture<Value> s) {
    return Condition.soundness(
            "is_step(" + s + ")",
            match ->
                match
                    .findConstant(s)
                    .filter(
                        t ->
                            Arrays.stream(t.toDoubles())
                                .anyMatch(v -> !(v >= SMALLEST_STEP && v <= 1 / SMALLEST_STEP)))
                    .isEmpty())
        .withHooks(
            (graph, match, random) ->
                set(graph, match, s, match.constant(s).shape(), random.nextDouble(0x1p-8, 2)),
            (graph, match, random) ->
                set(graph, match, s, match.constant(s).shape(), random.nextBoolean() ? 0 : 3e38));
  }

  /** {@code is_factor(c, t)}: one number, by which t can be multiplied and keep its shape. */
  static Condition isFactor(Capture<Value> c, Capture<Value> t) {
    return Condition.soundness(
            "is_factor(" + c + ", " + t + ")",
            match -> {
              Shape shape = match.type(match.get(c)).shape();
              Shape multiplied = match.type(match.get(t)).shape();
              return shape.isStatic()
                  && shape.elementCount() == 1
                  && shape.rank() <= 1
                  && multiplied.isRanked()
                  && shape.rank() <= multiplied.rank();
            })
        .withHooks(
            (graph, match, _) -> {
              graph.retype(match.get(c), match.type(match.get(c)).withShape(Shape.SCALAR));
              return true;
            },
            (graph, match, _) -> {
              graph.retype(
                  match.get(c), match.type(match.get(c)).withShape(Shape.of(1, 1, 1, 1, 1)));
              return true;
            });
  }

  private static boolean set(
      GraphEdit graph, Match match, Capture<Value> c, Shape shape, double value) {
    graph.setConstant(match.get(c), Tensor.filled(match.constant(c).elementType(), shape, value));
    return true;
  }
}
