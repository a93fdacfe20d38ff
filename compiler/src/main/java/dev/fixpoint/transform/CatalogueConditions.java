package dev.fixpoint.transform;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Optional;
import java.util.Set;

/** Side conditions that rules of the catalogue name besides the usual ones. */
final class CatalogueConditions {
  private CatalogueConditions() {}

  /** {@code holds_every_number(t, x)}: the type of t represents every number of that of x. */
  static Condition holdsEveryNumber(Capture<Value> t, Capture<Value> x) {
    return Condition.soundness(
            "holds_every_number(" + t + ", " + x + ")",
            match -> holds(type(match, t), type(match, x)))
        .withHooks(
            (graph, match, random) -> {
              Set<ElementType> small =
                  Set.of(ElementType.BOOL, ElementType.INT8, ElementType.UINT8);
              graph.retypeAll(
                  type(match, x), small.stream().sorted().toList().get(random.nextInt(3)));
              return true;
            },
            (graph, match, random) -> {
              graph.retypeAll(
                  type(match, x), random.nextBoolean() ? ElementType.DOUBLE : ElementType.INT64);
              return true;
            });
  }

  private static ElementType type(Match match, Capture<Value> c) {
    return match.type(match.get(c)).elementType();
  }

  private static boolean holds(ElementType wide, ElementType narrow) {
    if (wide == narrow) {
      return wide != ElementType.UNDEFINED;
    }
    if (narrow == ElementType.BOOL) {
      return wide.isNumeric();
    }
    if (narrow.isFloat() && wide.isFloat()) {
      return wide == ElementType.DOUBLE && narrow.bits() <= 32
          || wide == ElementType.FLOAT
              && (narrow == ElementType.FLOAT16 || narrow == ElementType.BFLOAT16);
    }
    if (!narrow.isInteger()) {
      return false;
    }
    if (wide.isInteger()) {
      return wide.minInteger() <= narrow.minInteger()
          && narrow.maxInteger() <= wide.maxInteger()
          && wide.bits() <= 63 + (wide.isSigned() ? 1 : 0)
          && narrow.bits() < 64;
    }
    int exact =
        switch (wide) {
          case DOUBLE -> 53;
          case FLOAT -> 24;
          case FLOAT16 -> 11;
          case BFLOAT16 -> 8;
          default -> 0;
        };
    return narrow.bits() - (narrow.isSigned() ? 1 : 0) <= exact;
  }

  /**
   * {@code is_row(c, y)}: a constant that is the same in every row of a matrix y, and broadcasts to
   * its shape.
   */
  static Condition isRow(Capture<Value> c, Capture<Value> b) {
    return Condition.soundness("is_row(" + c + ", " + b + ")", match -> isRow(match, c, b))
        .withHooks(
            (graph, match, random) -> {
              long columns = match.type(match.get(b)).shape().size(1);
              Shape shape =
                  switch (random.nextInt(3)) {
                    case 0 -> Shape.of(columns);
                    case 1 -> Shape.of(1, columns);
                    default -> Shape.of(1);
                  };
              graph.setConstant(match.get(c), drawn(match.constant(c), shape, random));
              return true;
            },
            (graph, match, random) -> {
              Shape shape = Shape.of(2, 1, match.type(match.get(b)).shape().size(1));
              graph.setConstant(match.get(c), drawn(match.constant(c), shape, random));
              return true;
            });
  }

  private static Tensor drawn(Tensor like, Shape shape, java.util.SplittableRandom random) {
    double[] values = random.doubles(shape.elementCount(), -2, 2).toArray();
    return Tensor.ofDoubles(like.elementType(), shape, values);
  }

  private static boolean isRow(Match match, Capture<Value> c, Capture<Value> b) {
    Optional<Tensor> constant = match.findConstant(c);
    Shape matrix = match.type(match.get(b)).shape();
    if (constant.isEmpty() || !matrix.isStatic() || matrix.rank() != 2) {
      return false;
    }
    Shape shape = constant.get().shape();
    boolean fits = shape.rank() <= 2 && (shape.rank() < 2 || shape.size(0) == 1);
    long last = shape.rank() == 0 ? 1 : shape.size(shape.rank() - 1);
    return fits && (last == 1 || last == matrix.size(1));
  }
}
