package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotates pairs of elements of each head by an angle that depends on the position: {@code (a cos -
 * b sin, a sin + b cos)}; ONNX RotaryEmbedding, opset 23. X is [batch, heads, sequence, size] or
 * [batch, sequence, heads · size]; elements behind the rotated ones stay.
 */
public final class RotaryEmbedding implements OpDefinition {
  /** Whether pairs are neighbours rather than element i with element i of the second half. */
  public static final Attribute<Long> INTERLEAVED = Attribute.ofInt("interleaved", 0);

  /** Number of heads, for an input of rank 3. */
  public static final Attribute<Long> NUM_HEADS = Attribute.ofInt("num_heads", 0);

  /** Number of elements of a head that are rotated; all where 0. */
  public static final Attribute<Long> ROTARY_EMBEDDING_DIM =
      Attribute.ofInt("rotary_embedding_dim", 0);

  /**
   * {@code Y = RotaryEmbedding(X, cos_cache, sin_cache, position_ids?)}; the caches are [positions,
   * rotated / 2], or without positions [batch, sequence, rotated / 2].
   */
  public static final OpSchema SCHEMA =
      OpSchema.of("RotaryEmbedding")
          .versions(23)
          .input("X", Types.FLOATS)
          .input("cos_cache", Types.FLOATS)
          .input("sin_cache", Types.FLOATS)
          .optionalInput("position_ids", Types.INT64)
          .output("Y", Types.FLOATS)
          .attributes(INTERLEAVED, NUM_HEADS, ROTARY_EMBEDDING_DIM)
          .doc("Rotates pairs of elements by an angle for each position.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = call.type(0).shape();
    if (shape.isRanked() && shape.rank() != 3 && shape.rank() != 4) {
      throw new IllegalArgumentException("X should have rank 3 or 4, but has shape " + shape);
    }
    return List.of(call.type(0));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    boolean isFlat = x.shape().rank() == 3;
    inferTypes(call);
    int batches = x.shape().intSize(0);
    int length = x.shape().intSize(isFlat ? 1 : 2);
    int heads = isFlat ? call.attributes().getInt(NUM_HEADS) : x.shape().intSize(1);
    if (heads <= 0 || x.shape().size(-1) % (isFlat ? heads : 1) != 0) {
      throw new IllegalArgumentException(heads + " heads do not divide the shape " + x.shape());
    }
    int size = x.shape().intSize(-1) / (isFlat ? heads : 1);
    int given = call.attributes().getInt(ROTARY_EMBEDDING_DIM);
    int rotated = given == 0 ? size : given;
    requireAngles(call, batches, length, rotated / 2);
    if (rotated < 0 || rotated > size) {
      throw new IllegalArgumentException(rotated + " elements of a head of " + size);
    }
    double[] values = x.toDoubles();
    for (int batch = 0; batch < batches; batch++) {
      for (int head = 0; head < heads; head++) {
        for (int place = 0; place < length; place++) {
          int row =
              isFlat
                  ? (batch * length + place) * heads + head
                  : (batch * heads + head) * length + place;
          int angles = angles(call, batch, place, length) * (rotated / 2);
          rotate(call, values, row * size, rotated / 2, angles);
        }
      }
    }
    return List.of(Tensor.ofDoubles(x.elementType(), x.shape(), values));
  }

  private static void requireAngles(OpCall call, int batches, int length, int pairs) {
    for (int input = 1; input <= 2; input++) {
      if (call.hasInput(3)) {
        Axes.requireShape(call, input, Axes.ofRank(call, 1, 2).size(0), pairs);
      } else {
        Axes.requireShape(call, input, batches, length, pairs);
      }
    }
    Axes.requireShape(call, 3, batches, length);
  }

  /** The row of the caches for a place in the sequence. */
  private static int angles(OpCall call, int batch, int place, int length) {
    Tensor cosines = call.tensor(1);
    if (!call.hasInput(3)) {
      return batch * length + place;
    }
    long position = call.tensor(3).longAt((long) batch * length + place);
    return Gather.index(position, cosines.shape().intSize(0));
  }

  private static void rotate(OpCall call, double[] values, int start, int pairs, int angles) {
    boolean isInterleaved = call.attributes().isSet(INTERLEAVED);
    for (int i = 0; i < pairs; i++) {
      int first = start + (isInterleaved ? 2 * i : i);
      int second = isInterleaved ? first + 1 : first + pairs;
      double cosine = call.tensor(1).doubleAt(angles + i);
      double sine = call.tensor(2).doubleAt(angles + i);
      double a = values[first];
      double b = values[second];
      values[first] = a * cosine - b * sine;
      values[second] = a * sine + b * cosine;
    }
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Interval x = Ranges.at(ranges, 0).hull();
    Interval rotated = Interval.symmetric(largest(ranges));
    return List.of(Range.of(Transfers.stored(call.type(0).elementType(), x.join(rotated))));
  }

  private static double largest(List<@Nullable Range> ranges) {
    double x = Ranges.at(ranges, 0).magnitude();
    double factors =
        Outward.addUp(Ranges.at(ranges, 1).magnitude(), Ranges.at(ranges, 2).magnitude());
    return Outward.multiplyUp(Outward.multiplyUp(x, factors), 1 + 0x1p-50);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    if (errors.size() > 3 && !(errors.get(3) instanceof ErrorBound.Exact)) {
      return List.of(Movement.inexactChoice(3));
    }
    ErrorBound x = errors.get(0).uniform();
    ErrorBound factors = errors.get(1).uniform().plus(errors.get(2).uniform());
    if (x instanceof ErrorBound.Exact && factors instanceof ErrorBound.Exact) {
      return List.of(ErrorBound.EXACT);
    }
    double gain = Outward.addUp(Ranges.at(ranges, 1).magnitude(), Ranges.at(ranges, 2).magnitude());
    ErrorBound moved =
        x.scaledBy(Math.max(gain, 1)).plus(factors.scaledBy(Ranges.at(ranges, 0).magnitude()));
    return List.of(moved.plus(localError(call, ranges).getFirst().scaledBy(2)));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    ElementType type = call.type(0).elementType();
    double magnitude = largest(ranges);
    // Two products and a sum in double, then one rounding.
    double rounding = Outward.multiplyUp(3, Transfers.evaluation(type, magnitude));
    return List.of(ErrorBound.uniform(rounding));
  }
}
