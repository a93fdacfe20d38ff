package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention, {@code softmax(scale · Q Kᵀ + mask) V} for each head: ONNX
 * Attention, opset 25. Q is [batch, heads, queries, size], or [batch, queries, heads · size] with
 * the numbers of heads as attributes; K and V have as many heads, or a divisor of that number of
 * which each serves a group of query heads. Past keys and values come before the new ones. A query
 * that may attend to nothing gets zeros.
 */
public final class Attention implements OpDefinition {
  /** Whether a query attends to keys up to its own position only. */
  public static final Attribute<Long> IS_CAUSAL = Attribute.ofInt("is_causal", 0);

  /** Heads of Q, for inputs of rank 3. */
  public static final Attribute<Long> Q_NUM_HEADS = Attribute.ofInt("q_num_heads");

  /** Heads of K and V, for inputs of rank 3. */
  public static final Attribute<Long> KV_NUM_HEADS = Attribute.ofInt("kv_num_heads");

  /** Factor of the products; {@code 1/√size} where absent. */
  public static final Attribute<Float> SCALE = Attribute.ofFloat("scale");

  /** Where not 0, products x become {@code softcap · tanh(x / softcap)} before the mask. */
  public static final Attribute<Float> SOFTCAP = Attribute.ofFloat("softcap", 0);

  /** What the fourth output holds: products (0), with softcap (1), with mask (2), softmax (3). */
  public static final Attribute<Long> QK_MATMUL_OUTPUT_MODE =
      Attribute.ofInt("qk_matmul_output_mode", 0);

  /** Element type in which the softmax is computed; here it always is in double. */
  public static final Attribute<Long> SOFTMAX_PRECISION = Attribute.ofInt("softmax_precision");

  /** How many keys before its own position a query attends to; -1 for all. */
  public static final Attribute<Long> LEFT_WINDOW_SIZE = Attribute.ofInt("left_window_size", -1);

  /** How many keys after its own position a query attends to; -1 for all. */
  public static final Attribute<Long> RIGHT_WINDOW_SIZE = Attribute.ofInt("right_window_size", -1);

  /**
   * {@code Y, present_key?, present_value?, qk_matmul_output? = Attention(Q, K, V, attn_mask?,
   * past_key?, past_value?, nonpad_kv_seqlen?)}.
   */
  public static final OpSchema SCHEMA =
      OpSchema.of("Attention")
          .versions(23, 24, 25)
          .input("Q", Types.FLOATS)
          .input("K", Types.FLOATS)
          .input("V", Types.FLOATS)
          .optionalInput("attn_mask", Types.union(Types.NUMBERS, Types.BOOL))
          .optionalInput("past_key", Types.FLOATS)
          .optionalInput("past_value", Types.FLOATS)
          .optionalInput("nonpad_kv_seqlen", Types.INT64)
          .output("Y", Types.FLOATS)
          .optionalOutput("present_key", Types.FLOATS)
          .optionalOutput("present_value", Types.FLOATS)
          .optionalOutput("qk_matmul_output", Types.FLOATS)
          .attributes(
              IS_CAUSAL,
              Q_NUM_HEADS,
              KV_NUM_HEADS,
              SCALE,
              SOFTCAP,
              QK_MATMUL_OUTPUT_MODE,
              SOFTMAX_PRECISION,
              LEFT_WINDOW_SIZE,
              RIGHT_WINDOW_SIZE)
          .doc("Scaled dot-product attention.");

  static final int MASK = 3;
  static final int PAST_KEY = 4;
  static final int PAST_VALUE = 5;
  static final int NONPAD = 6;
  static final int MODE_SOFTMAX = 3;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType q = call.type(0);
    Shape query = heads(call, 0, Q_NUM_HEADS);
    Shape key = present(heads(call, 1, KV_NUM_HEADS), call, PAST_KEY);
    Shape value = present(heads(call, 2, KV_NUM_HEADS), call, PAST_VALUE);
    requireSame(query.dimension(3), key.dimension(3), "sizes of queries and keys");
    requireSame(key.dimension(2), value.dimension(2), "numbers of keys and values");
    Shape products =
        Shape.of(
            List.of(query.dimension(0), query.dimension(1), query.dimension(2), key.dimension(2)));
    return List.of(
            q.withShape(output(call, query, value)),
            call.type(1).withShape(key),
            call.type(2).withShape(value),
            q.withShape(products))
        .subList(0, call.outputCount());
  }

  private static void requireSame(Dimension a, Dimension b, String what) {
    if (a.isFixed() && b.isFixed() && !a.equals(b)) {
      throw new IllegalArgumentException(what + " should be the same, not " + a + " and " + b);
    }
  }

  private static Shape output(OpCall call, Shape query, Shape value) {
    Shape given = call.type(0).shape();
    if (!given.isRanked()) {
      return Shape.UNRANKED;
    }
    Dimension size = value.dimension(3);
    if (given.rank() == 3) {
      long count = call.get(Q_NUM_HEADS);
      return Shape.of(List.of(query.dimension(0), query.dimension(2), Axes.times(size, count)));
    }
    return query.with(3, size);
  }

  /** The shape of Q, K or V as [batch, heads, sequence, size]. */
  static Shape heads(OpCall call, int input, Attribute<Long> heads) {
    Shape shape = call.type(input).shape();
    if (!shape.isRanked()) {
      return Shape.ofRank(4);
    }
    if (shape.rank() == 4) {
      return shape;
    }
    if (shape.rank() != 3) {
      throw new IllegalArgumentException(
          "input " + input + " should have rank 3 or 4, but has shape " + shape);
    }
    long count = call.get(heads);
    Dimension size = Dimension.UNKNOWN;
    if (shape.dimension(2) instanceof Dimension.Fixed hidden) {
      if (count <= 0 || hidden.size() % count != 0) {
        throw new IllegalArgumentException(count + " heads do not divide the size " + hidden);
      }
      size = Dimension.of(hidden.size() / count);
    }
    return Shape.of(List.of(shape.dimension(0), Dimension.of(count), shape.dimension(1), size));
  }

  private static Shape present(Shape current, OpCall call, int past) {
    if (!call.hasInput(past)) {
      return current;
    }
    Dimension length = Axes.ofRank(call, past, 4).dimension(2);
    return current.with(2, Axes.sum(length, current.dimension(2)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return AttentionHeads.of(call).outputs(call.outputCount());
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Range key = joined(call, ranges, 1, PAST_KEY);
    Range value = joined(call, ranges, 2, PAST_VALUE);
    boolean isSoftmax = call.get(QK_MATMUL_OUTPUT_MODE) == MODE_SOFTMAX;
    Range products = isSoftmax ? Range.of(0, 1) : Range.ALL;
    return List.of(Range.of(average(call, value.hull())), key, value, products)
        .subList(0, call.outputCount());
  }

  private static Range joined(OpCall call, List<@Nullable Range> ranges, int input, int past) {
    Range current = Ranges.at(ranges, input).uniform();
    return call.hasInput(past) ? current.join(Ranges.at(ranges, past).uniform()) : current;
  }

  /** Weights of at least zero that add up to one or are all zero, each off by a few ulps. */
  private static Interval average(OpCall call, Interval values) {
    Interval real = values.join(Interval.ZERO);
    double slack = real.isBounded() ? real.magnitude() * 0x1p-30 : 0;
    return Transfers.stored(call.type(0).elementType(), real.widened(slack));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    boolean isExact = errors.stream().allMatch(ErrorBound.Exact.class::isInstance);
    if (isExact) {
      return Transfers.each(call.outputCount(), ErrorBound.EXACT);
    }
    ErrorBound unbounded = ErrorBound.unbounded("no bound is stated for the products of Attention");
    List<ErrorBound> moved = new ArrayList<>(Transfers.each(call.outputCount(), unbounded));
    ErrorBound mean = AttentionTransfer.of(call, ranges, errors, heads(call, 0, Q_NUM_HEADS));
    moved.set(0, mean.plus(rounding(call, ranges).scaledBy(2)));
    for (int output = 1; output < Math.min(call.outputCount(), 3); output++) {
      ErrorBound past =
          PAST_KEY + output - 1 < errors.size()
              ? errors.get(PAST_KEY + output - 1).uniform()
              : ErrorBound.EXACT;
      moved.set(output, errors.get(output).uniform().join(past));
    }
    return moved;
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    ErrorBound unbounded = ErrorBound.unbounded("no bound is stated for the products of Attention");
    return List.of(rounding(call, ranges), ErrorBound.EXACT, ErrorBound.EXACT, unbounded)
        .subList(0, call.outputCount());
  }

  private static ErrorBound rounding(OpCall call, List<@Nullable Range> ranges) {
    Shape query = heads(call, 0, Q_NUM_HEADS);
    Shape key = present(heads(call, 1, KV_NUM_HEADS), call, PAST_KEY);
    return query.isStatic() && key.isStatic()
        ? AttentionRounding.of(call, ranges, query, key.size(2))
        : ErrorBound.unbounded("the sizes of an Attention are not known");
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    Shape query = heads(call, 0, Q_NUM_HEADS);
    Shape key = present(heads(call, 1, KV_NUM_HEADS), call, PAST_KEY);
    Shape value = heads(call, 2, KV_NUM_HEADS);
    long pairs = query.size(0) * query.size(1) * query.size(2) * key.size(2);
    return pairs * (query.size(3) + value.size(3));
  }

  /** The element type of the outputs, that of Q. */
  static ElementType elementType(OpCall call) {
    return call.type(0).elementType();
  }
}
