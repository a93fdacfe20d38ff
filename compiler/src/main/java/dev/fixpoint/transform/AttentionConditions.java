package dev.fixpoint.transform;

import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.SplittableRandom;

/** Side conditions of the rules on scaled dot-product attention. */
final class AttentionConditions {
  private static final int RANK = 4;

  private AttentionConditions() {}

  /**
   * {@code one_head_each(q, k, v)}: all are [batch, heads, length, size], with the same batch and
   * the same number of heads, so that each head of q has one of k and v; sizes may be symbols.
   */
  static Condition oneHeadEach(Capture<Value> q, Capture<Value> k, Capture<Value> v) {
    List<Capture<Value>> all = List.of(q, k, v);
    return Condition.soundness(
            "one_head_each(" + q + ", " + k + ", " + v + ")",
            match ->
                all.stream().allMatch(c -> shape(match, c).isRanked())
                    && all.stream().allMatch(c -> shape(match, c).rank() == RANK)
                    && isShared(match, all, 0)
                    && isShared(match, all, 1))
        .withHooks(
            (graph, match, random) -> {
              long batch = 1 + random.nextInt(2);
              long heads = 1 + random.nextInt(3);
              return retype(graph, match, random, all, batch, batch, heads, heads);
            },
            (graph, match, random) ->
                random.nextBoolean()
                    ? retype(graph, match, random, all, 2, 1, 2, 2)
                    : retype(graph, match, random, all, 1, 1, 4, 2));
  }

  /**
   * {@code one_masked_head_each(q, k, v, mask)}: as {@link #oneHeadEach}, and the mask has a number
   * for each pair of a query and a key of each head.
   */
  static Condition oneMaskedHeadEach(
      Capture<Value> q, Capture<Value> k, Capture<Value> v, Capture<Value> mask) {
    Condition unmasked = oneHeadEach(q, k, v);
    List<Capture<Value>> all = List.of(q, k, v, mask);
    return Condition.soundness(
            "one_masked_head_each(" + q + ", " + k + ", " + v + ", " + mask + ")",
            match -> unmasked.failure(match).isEmpty() && isOfPairs(match, q, k, mask))
        .withHooks(
            (graph, match, random) -> {
              long batch = 1 + random.nextInt(2);
              long heads = 1 + random.nextInt(3);
              return retype(graph, match, random, all, batch, batch, heads, heads);
            },
            (graph, match, random) -> retype(graph, match, random, all, 2, 1, 2, 2));
  }

  private static boolean isOfPairs(
      Match match, Capture<Value> q, Capture<Value> k, Capture<Value> mask) {
    Shape queries = shape(match, q);
    List<Dimension> pairs =
        List.of(
            queries.dimension(0),
            queries.dimension(1),
            queries.dimension(2),
            shape(match, k).dimension(2));
    return pairs.stream().noneMatch(d -> d instanceof Dimension.Unknown)
        && shape(match, mask).equals(Shape.of(pairs));
  }

  private static Shape shape(Match match, Capture<Value> c) {
    return match.type(match.get(c)).shape();
  }

  private static boolean isShared(Match match, List<Capture<Value>> all, int axis) {
    Dimension first = shape(match, all.getFirst()).dimension(axis);
    return !(first instanceof Dimension.Unknown)
        && all.stream().allMatch(c -> shape(match, c).dimension(axis).equals(first));
  }

  private static boolean retype(
      GraphEdit graph,
      Match match,
      SplittableRandom random,
      List<Capture<Value>> all,
      long batch,
      long keyBatch,
      long heads,
      long keyHeads) {
    long size = 1 + random.nextInt(3);
    long keys = 1 + random.nextInt(3);
    long queries = 1 + random.nextInt(3);
    long values = 1 + random.nextInt(3);
    List<Shape> shapes =
        List.of(
            Shape.of(batch, heads, queries, size),
            Shape.of(keyBatch, keyHeads, keys, size),
            Shape.of(keyBatch, keyHeads, keys, values),
            Shape.of(batch, heads, queries, keys));
    for (int i = 0; i < all.size(); i++) {
      Value value = match.get(all.get(i));
      TensorType type = match.type(value);
      if (match.graph().producer(value) != null) {
        return false;
      }
      graph.retype(value, type.withShape(shapes.get(i)));
    }
    return true;
  }
}
