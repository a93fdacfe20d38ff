package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention without a softmax, as a recurrence over a state S for each head: {@code S ← exp(decay)
 * S}, {@code v ← beta (v - Sᵀ k)}, {@code S ← S + k vᵀ}, {@code y = scale · Sᵀ q}, where the update
 * rule says which of the first two happen. ONNX LinearAttention, opset 27.
 */
public final class LinearAttention implements OpDefinition {
  /** How many steps a kernel may take at once; of no effect on the result. */
  public static final Attribute<Long> CHUNK_SIZE = Attribute.ofInt("chunk_size", 64);

  /** Heads of key and value. */
  public static final Attribute<Long> KV_NUM_HEADS = Attribute.ofInt("kv_num_heads").required();

  /** Heads of the query, a multiple of those of key and value. */
  public static final Attribute<Long> Q_NUM_HEADS = Attribute.ofInt("q_num_heads").required();

  /** Factor of the output; {@code 1/√size} where 0. */
  public static final Attribute<Float> SCALE = Attribute.ofFloat("scale", 0);

  /** {@code linear}, {@code gated} (decay), {@code delta} (beta), or {@code gated_delta} (both). */
  public static final Attribute<String> UPDATE_RULE =
      Attribute.ofString("update_rule", "gated_delta");

  /**
   * {@code output, present_state = LinearAttention(query, key, value, past_state?, decay?, beta?,
   * erase_gate?)}; tensors are [batch, time, heads · size], states [batch, heads, key size, value
   * size].
   */
  public static final OpSchema SCHEMA =
      OpSchema.of("LinearAttention")
          .versions(27)
          .input("query", Types.FLOATS)
          .input("key", Types.FLOATS)
          .input("value", Types.FLOATS)
          .optionalInput("past_state", Types.FLOATS)
          .optionalInput("decay", Types.FLOATS)
          .optionalInput("beta", Types.FLOATS)
          .optionalInput("erase_gate", Types.FLOATS)
          .output("output", Types.FLOATS)
          .output("present_state", Types.FLOATS)
          .attributes(CHUNK_SIZE, KV_NUM_HEADS, Q_NUM_HEADS, SCALE, UPDATE_RULE)
          .doc("Attention without a softmax, as a recurrence.");

  static final int PAST = 3;
  static final int DECAY = 4;
  static final int BETA = 5;
  static final int ERASE = 6;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType query = call.type(0);
    Shape q = Axes.ofRank(call, 0, 3);
    Dimension batch = q.dimension(0);
    Dimension time = q.dimension(1);
    Dimension keySize = size(q, call.get(Q_NUM_HEADS));
    Dimension valueSize = size(Axes.ofRank(call, 2, 3), call.get(KV_NUM_HEADS));
    Dimension width = Axes.times(valueSize, call.get(Q_NUM_HEADS));
    Dimension heads = Dimension.of(call.get(KV_NUM_HEADS));
    TensorType state = call.hasInput(PAST) ? call.type(PAST) : query;
    return List.of(
            query.withShape(Shape.of(List.of(batch, time, width))),
            state.withShape(Shape.of(List.of(batch, heads, keySize, valueSize))))
        .subList(0, call.outputCount());
  }

  private static Dimension size(Shape shape, long heads) {
    if (!(shape.dimension(2) instanceof Dimension.Fixed width)) {
      return Dimension.UNKNOWN;
    }
    if (heads <= 0 || width.size() % heads != 0) {
      throw new IllegalArgumentException(heads + " heads do not divide the size " + width);
    }
    return Dimension.of(width.size() / heads);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return new LinearAttentionRun(call).outputs().subList(0, call.outputCount());
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), Range.ALL);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return errors.stream().allMatch(ErrorBound.Exact.class::isInstance)
        ? Transfers.each(call.outputCount(), ErrorBound.EXACT)
        : localError(call, ranges);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(
        call.outputCount(),
        ErrorBound.unbounded("errors are not followed through time in " + id()));
  }
}
