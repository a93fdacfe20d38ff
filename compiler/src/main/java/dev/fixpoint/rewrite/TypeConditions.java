package dev.fixpoint.rewrite;

import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * The usual side conditions about element types and shapes, each with both hooks. The rule language
 * knows them by the same names in snake case.
 *
 * <p>Hooks change the types of inputs and constants; what the type of a value made by a node shall
 * be is left to chance.
 */
public final class TypeConditions {
  private static final List<ElementType> FLOATS =
      List.of(ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16);

  private static final int LARGEST_SIZE = 4;
  private static final int LARGEST_RANK = 5;

  private TypeConditions() {}

  /** {@code element_type(c, types…)}: the value has one of some element types. */
  public static Condition elementType(Capture<Value> c, ElementType... types) {
    List<ElementType> allowed = List.of(types);
    String names = allowed.stream().map(t -> ", " + t.text()).reduce("", String::concat);
    return Conditions.on(
        "element_type(" + c + names + ")",
        c,
        match -> allowed.contains(match.type(match.get(c)).elementType()),
        (graph, match, random) -> {
          ElementType now = match.type(match.get(c)).elementType();
          graph.retypeAll(now, allowed.get(random.nextInt(allowed.size())));
          return true;
        },
        (graph, match, random) -> {
          ElementType now = match.type(match.get(c)).elementType();
          List<ElementType> others = others(now, allowed);
          if (!others.isEmpty()) {
            graph.retypeAll(now, others.get(random.nextInt(others.size())));
          }
          return !others.isEmpty();
        });
  }

  /** {@code floating(c)}: the elements are floating-point numbers that operators compute with. */
  public static Condition floating(Capture<Value> c) {
    Condition condition =
        elementType(
            c, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    return new Condition(
        "floating(" + c + ")",
        condition.kind(),
        condition.test(),
        condition.satisfy(),
        Conditions.on(
                "",
                c,
                _ -> true,
                null,
                (graph, match, random) -> {
                  ElementType now = match.type(match.get(c)).elementType();
                  graph.retypeAll(
                      now, random.nextBoolean() ? ElementType.INT32 : ElementType.INT64);
                  return now.isFloat();
                })
            .violate());
  }

  private static List<ElementType> others(ElementType now, List<ElementType> allowed) {
    List<ElementType> candidates =
        now.isFloat()
            ? FLOATS
            : List.of(
                ElementType.INT32,
                ElementType.INT64,
                ElementType.INT8,
                ElementType.UINT8,
                ElementType.FLOAT);
    return candidates.stream().filter(type -> !allowed.contains(type)).toList();
  }

  /** {@code same_element_type(a, b)}: two values have the same element type. */
  public static Condition sameElementType(Capture<Value> a, Capture<Value> b) {
    return Conditions.on(
        "same_element_type(" + a + ", " + b + ")",
        b,
        match ->
            match.find(a).isEmpty()
                || match.type(match.get(a)).elementType() == match.type(match.get(b)).elementType(),
        (graph, match, _) -> {
          if (match.find(a).isEmpty()) {
            return true;
          }
          TensorType type = match.type(match.get(b));
          ElementType wanted = match.type(match.get(a)).elementType();
          graph.retype(match.get(b), type.withElementType(wanted));
          return isSource(match, match.get(b));
        },
        (graph, match, random) -> {
          TensorType type = match.type(match.get(b));
          List<ElementType> others = others(type.elementType(), List.of(type.elementType()));
          graph.retype(
              match.get(b), type.withElementType(others.get(random.nextInt(others.size()))));
          return isSource(match, match.get(b));
        });
  }

  /** {@code rank(c, n)}: the value has a rank, which is {@code n}. */
  public static Condition rank(Capture<Value> c, int n) {
    return rank("rank(" + c + ", " + n + ")", c, rank -> rank == n, _ -> n);
  }

  /** {@code rank_at_least(c, n)}: the value has a rank, which is {@code n} or more. */
  public static Condition rankAtLeast(Capture<Value> c, int n) {
    return rank(
        "rank_at_least(" + c + ", " + n + ")", c, rank -> rank >= n, extra -> n + extra % 3);
  }

  /** {@code rank_at_most(c, n)}: the value has a rank, which is {@code n} or less. */
  public static Condition rankAtMost(Capture<Value> c, int n) {
    return rank(
        "rank_at_most(" + c + ", " + n + ")", c, rank -> rank <= n, extra -> extra % (n + 1));
  }

  private static Condition rank(
      String text, Capture<Value> c, Predicate<Integer> holds, IntUnaryOperator good) {
    return Conditions.on(
        text,
        c,
        match -> {
          Shape shape = match.type(match.get(c)).shape();
          return shape.isRanked() && holds.test(shape.rank());
        },
        (graph, match, random) -> {
          Shape shape = ofRank(good.applyAsInt(random.nextInt(LARGEST_RANK)), random);
          graph.retype(match.get(c), match.type(match.get(c)).withShape(shape));
          return isSource(match, match.get(c));
        },
        (graph, match, random) -> {
          int rank = random.nextInt(LARGEST_RANK + 1);
          Shape shape = ofRank(rank, random);
          graph.retype(match.get(c), match.type(match.get(c)).withShape(shape));
          return isSource(match, match.get(c)) && !holds.test(rank);
        });
  }

  /** {@code scalar(c)}: the value has one element, whatever its rank. */
  public static Condition scalar(Capture<Value> c) {
    return Conditions.on(
        "scalar(" + c + ")",
        c,
        match -> {
          Shape shape = match.type(match.get(c)).shape();
          return shape.isStatic() && shape.elementCount() == 1;
        },
        (graph, match, random) -> {
          Shape shape = random.nextBoolean() ? Shape.SCALAR : Shape.of(1);
          graph.retype(match.get(c), match.type(match.get(c)).withShape(shape));
          return isSource(match, match.get(c));
        },
        (graph, match, random) -> {
          Shape shape = ofRank(1 + random.nextInt(LARGEST_RANK - 1), random);
          graph.retype(match.get(c), match.type(match.get(c)).withShape(shape));
          return isSource(match, match.get(c)) && shape.elementCount() != 1;
        });
  }

  /** {@code same_shape(a, b)}: both shapes are known to be the same. */
  public static Condition sameShape(Capture<Value> a, Capture<Value> b) {
    return Conditions.on(
        "same_shape(" + a + ", " + b + ")",
        b,
        match -> isKnown(shape(match, a)) && shape(match, a).equals(shape(match, b)),
        (graph, match, _) -> {
          graph.retype(match.get(b), match.type(match.get(b)).withShape(shape(match, a)));
          return isSource(match, match.get(b));
        },
        (graph, match, random) -> {
          Shape shape = shrunk(shape(match, b), random);
          graph.retype(match.get(b), match.type(match.get(b)).withShape(shape));
          return isSource(match, match.get(b));
        });
  }

  /** {@code static_shape(c)}: rank and every size of the value are known. */
  public static Condition staticShape(Capture<Value> c) {
    return Conditions.on(
        "static_shape(" + c + ")",
        c,
        match -> shape(match, c).isStatic(),
        null,
        (graph, match, _) -> {
          graph.blur(match.get(c));
          return match.graph().constant(match.get(c)) == null;
        });
  }

  /** {@code broadcasts_to(a, b)}: {@code a} broadcast with {@code b} has the shape of b. */
  public static Condition broadcastsTo(Capture<Value> a, Capture<Value> b) {
    return Conditions.on(
        "broadcasts_to(" + a + ", " + b + ")",
        a,
        match -> broadcasts(shape(match, a), shape(match, b)),
        (graph, match, random) -> {
          Shape wanted = shrunk(shape(match, b), random);
          graph.retype(match.get(a), match.type(match.get(a)).withShape(wanted));
          return isSource(match, match.get(a));
        },
        (graph, match, random) -> {
          List<Long> sizes = new ArrayList<>();
          shape(match, b).dimensions().forEach(_ -> sizes.add(1L));
          sizes.add(0, 2L + random.nextInt(2));
          Shape shape = Shape.of(sizes.stream().mapToLong(v -> v).toArray());
          graph.retype(match.get(a), match.type(match.get(a)).withShape(shape));
          return isSource(match, match.get(a));
        });
  }

  private static boolean broadcasts(Shape a, Shape b) {
    return a.isStatic() && b.isStatic() && a.rank() <= b.rank() && fits(a, b);
  }

  private static boolean fits(Shape a, Shape b) {
    for (int i = 1; i <= a.rank(); i++) {
      long size = a.size(a.rank() - i);
      if (size != 1 && size != b.size(b.rank() - i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(Shape shape) {
    return shape.isRanked()
        && shape.dimensions().stream().noneMatch(d -> d instanceof Dimension.Unknown);
  }

  private static Shape shape(Match match, Capture<Value> c) {
    return match.type(match.get(c)).shape();
  }

  private static boolean isSource(Match match, Value value) {
    return match.graph().producer(value) == null;
  }

  private static Shape ofRank(int rank, SplittableRandom random) {
    return Shape.of(random.longs(rank, 1, LARGEST_SIZE + 1).toArray());
  }

  /** A shape that broadcasts to another one: sizes become 1, leading ones may go. */
  private static Shape shrunk(Shape shape, SplittableRandom random) {
    int dropped = shape.rank() == 0 ? 0 : random.nextInt(shape.rank() + 1);
    List<Long> sizes = new ArrayList<>();
    for (int i = random.nextBoolean() ? dropped : 0; i < shape.rank(); i++) {
      sizes.add(random.nextBoolean() || !shape.isStatic() ? 1 : shape.size(i));
    }
    return Shape.of(sizes.stream().mapToLong(v -> v).toArray());
  }
}
