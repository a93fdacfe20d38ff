package dev.fixpoint.transform;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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

  /** {@code is_table(c)}: a constant with an entry for each byte. */
  static Condition isTable(Capture<Value> c) {
    Shape bytes = Shape.of(256);
    return Condition.soundness(
            "is_table(" + c + ")",
            match -> match.findConstant(c).filter(t -> t.shape().equals(bytes)).isPresent())
        .withHooks(
            (graph, match, random) -> {
              graph.setConstant(match.get(c), drawn(match.constant(c), bytes, random));
              return true;
            },
            (graph, match, random) -> {
              Shape rows = Shape.of(256, 2);
              graph.setConstant(match.get(c), drawn(match.constant(c), rows, random));
              return true;
            });
  }

  /** {@code is_like(b, scale)}: a constant of the shape of another one, which is a vector. */
  static Condition isLike(Capture<Value> b, Capture<Value> scale) {
    return Condition.soundness(
            "is_like(" + b + ", " + scale + ")",
            match ->
                match.findConstant(b).isPresent()
                    && match.constant(b).shape().rank() == 1
                    && match.constant(b).shape().equals(match.type(match.get(scale)).shape()))
        .withHooks(
            (graph, match, random) -> {
              Shape shape = match.type(match.get(scale)).shape();
              graph.setConstant(match.get(b), drawn(match.constant(b), shape, random));
              return true;
            },
            (graph, match, random) -> {
              int rank = match.type(match.root().output()).shape().rank();
              long[] sizes = new long[rank + 1];
              Arrays.fill(sizes, 1);
              sizes[0] = 2;
              graph.setConstant(match.get(b), drawn(match.constant(b), Shape.of(sizes), random));
              return true;
            });
  }

  /**
   * {@code is_last_axis(axes, x)}: a constant that names the last axis of a value, and no other.
   */
  static Condition isLastAxis(Capture<Value> axes, Capture<Value> x) {
    return Condition.soundness(
            "is_last_axis(" + axes + ", " + x + ")",
            match -> match.findConstant(axes).filter(a -> isLast(a, match, x)).isPresent())
        .withHooks(
            (graph, match, random) -> {
              Shape shape = match.type(match.get(x)).shape();
              boolean fromEnd = random.nextBoolean() || !shape.isRanked();
              graph.setConstant(match.get(axes), Tensor.vector(fromEnd ? -1 : shape.rank() - 1));
              return true;
            },
            (graph, match, _) -> {
              graph.setConstant(match.get(axes), Tensor.vector(0));
              return match.type(match.get(x)).shape().rank() > 1;
            });
  }

  private static boolean isLast(Tensor axes, Match match, Capture<Value> x) {
    Shape shape = match.type(match.get(x)).shape();
    return axes.elementCount() == 1
        && (axes.longAt(0) == -1 || (shape.isRanked() && axes.longAt(0) == shape.rank() - 1));
  }

  /** {@code is_along_last_axis(scale, x)}: a vector with an element for each index of x's last. */
  static Condition isAlongLastAxis(Capture<Value> scale, Capture<Value> x) {
    return Condition.soundness(
            "is_along_last_axis(" + scale + ", " + x + ")",
            match -> {
              Shape data = match.type(match.get(x)).shape();
              Shape vector = match.type(match.get(scale)).shape();
              return data.isRanked()
                  && data.rank() > 0
                  && vector.isStatic()
                  && vector.equals(Shape.of(List.of(data.dimension(data.rank() - 1))));
            })
        .withHooks(
            (graph, match, _) -> {
              Shape data = match.type(match.get(x)).shape();
              Shape vector = Shape.of(List.of(data.dimension(data.rank() - 1)));
              graph.retype(match.get(scale), match.type(match.get(scale)).withShape(vector));
              return true;
            },
            (graph, match, _) -> {
              long[] sizes = new long[match.type(match.get(x)).shape().rank() + 1];
              Arrays.fill(sizes, 1);
              sizes[0] = 2;
              graph.retype(
                  match.get(scale), match.type(match.get(scale)).withShape(Shape.of(sizes)));
              return true;
            });
  }

  /** {@code is_along_channels(c, y)}: one entry for each channel of images or the like. */
  static Condition isAlongChannels(Capture<Value> c, Capture<Value> y) {
    return Condition.soundness(
            "is_along_channels(" + c + ", " + y + ")",
            match -> {
              Shape wanted = channels(match.type(match.get(y)).shape());
              return wanted != null && match.type(match.get(c)).shape().equals(wanted);
            })
        .withHooks(
            (graph, match, _) -> {
              Shape wanted = channels(match.type(match.get(y)).shape());
              if (wanted != null) {
                graph.retype(match.get(c), match.type(match.get(c)).withShape(wanted));
              }
              return wanted != null;
            },
            (graph, match, _) -> {
              long[] sizes = new long[match.type(match.get(y)).shape().rank() + 1];
              Arrays.fill(sizes, 1);
              sizes[0] = 2;
              graph.retype(match.get(c), match.type(match.get(c)).withShape(Shape.of(sizes)));
              return true;
            });
  }

  /** The shape {@code [M, 1, ...]} that spreads over images {@code [N, M, ...]}, or null. */
  private static @Nullable Shape channels(Shape images) {
    if (!images.isRanked() || images.rank() < 2) {
      return null;
    }
    List<Dimension> sizes =
        new ArrayList<>(Collections.nCopies(images.rank() - 1, Dimension.of(1)));
    sizes.set(0, images.dimension(1));
    return Shape.of(sizes);
  }

  /** {@code is_smallest(z)}: every element of a constant is the smallest integer of its type. */
  static Condition isSmallest(Capture<Value> z) {
    return Condition.soundness(
            "is_smallest(" + z + ")",
            match -> match.findConstant(z).filter(t -> isAll(t, least(t))).isPresent())
        .withHooks(
            (graph, match, _) -> {
              Tensor zeros = match.constant(z);
              graph.setConstant(match.get(z), filled(zeros, least(zeros)));
              return zeros.elementType().isInteger();
            },
            (graph, match, random) -> {
              Tensor zeros = match.constant(z);
              graph.setConstant(
                  match.get(z), filled(zeros, least(zeros) + 1 + random.nextInt(100)));
              return zeros.elementType().isInteger();
            });
  }

  private static long least(Tensor tensor) {
    return tensor.elementType().isInteger() ? tensor.elementType().minInteger() : 0;
  }

  private static Tensor filled(Tensor like, long value) {
    return Tensor.filled(like.elementType(), like.shape(), value);
  }

  private static boolean isAll(Tensor tensor, long value) {
    return tensor.elementType().isInteger()
        && Arrays.stream(tensor.toLongs()).allMatch(element -> element == value);
  }

  private static Tensor drawn(Tensor like, Shape shape, SplittableRandom random) {
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
