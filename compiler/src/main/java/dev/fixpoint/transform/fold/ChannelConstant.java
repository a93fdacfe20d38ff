package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * A constant that a result of known rank is combined with, read as one number for each channel.
 *
 * <p>Broadcasting aligns shapes at the end: for a result [N, M, H, W] a constant [M, 1, 1] counts
 * channels, where [M] would count columns.
 *
 * @param constant the constant
 * @param operator the operator with the result; its channels lie along an axis
 * @param axis the axis of the channels
 * @param rank rank of the result
 * @param channels size of that axis
 */
record ChannelConstant(
    Capture<Value> constant,
    Capture<Node> operator,
    int axis,
    ToIntFunction<Match> rank,
    ToIntFunction<Match> channels) {
  /** The numbers of a match where {@link #condition} holds. */
  double[] of(Match match) {
    double[] values = match.constant(constant).toDoubles();
    if (values.length > 1) {
      return values;
    }
    double[] repeated = new double[channels.applyAsInt(match)];
    Arrays.fill(repeated, values[0]);
    return repeated;
  }

  /** The constant differs along the axis of the channels alone, and leaves the shape as it is. */
  Condition condition() {
    return new Condition(
        constant + " is one number for each channel of " + operator + ", or one for all",
        Condition.Kind.SOUNDNESS,
        this::failure,
        this::satisfy,
        this::violate);
  }

  private Optional<String> failure(Match match) {
    Shape shape = match.constant(constant).shape();
    int axes = rank.applyAsInt(match);
    boolean fits = shape.rank() <= axes;
    for (int i = 0; fits && i < shape.rank(); i++) {
      boolean ofChannels = i + axes - shape.rank() == axis;
      fits = shape.size(i) == 1 || (ofChannels && shape.size(i) == channels.applyAsInt(match));
    }
    return fits
        ? Optional.empty()
        : Optional.of(
            "'" + match.get(constant) + "' of shape " + shape + " is not one number a channel");
  }

  private boolean satisfy(GraphEdit graph, Match match, SplittableRandom random) {
    int axes = rank.applyAsInt(match);
    int kept = random.nextBoolean() ? axes - axis : axes;
    long[] sizes = new long[kept];
    Arrays.fill(sizes, 1);
    sizes[kept - axes + axis] = channels.applyAsInt(match);
    boolean one = random.nextInt(4) == 0;
    return draw(graph, match, one ? Shape.SCALAR : Shape.of(sizes), random);
  }

  /** Numbers that differ along another axis, best as many as there are channels. */
  private boolean violate(GraphEdit graph, Match match, SplittableRandom random) {
    Shape result = match.type(match.get(operator).output()).shape();
    int other = axis == result.rank() - 1 ? 0 : result.rank() - 1;
    if (!result.isStatic() || result.size(other) == 1) {
      return false;
    }
    long[] sizes = new long[result.rank() - other];
    Arrays.fill(sizes, 1);
    sizes[0] = result.size(other);
    return draw(graph, match, Shape.of(sizes), random);
  }

  private boolean draw(GraphEdit graph, Match match, Shape shape, SplittableRandom random) {
    double[] values = random.doubles(shape.elementCount(), -2, 2).toArray();
    graph.setConstant(
        match.get(constant),
        Tensor.ofDoubles(match.constant(constant).elementType(), shape, values));
    return true;
  }
}
