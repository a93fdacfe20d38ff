package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the axes of a tensor in another order: output axis i is input axis {@code perm[i]}. */
public final class Transpose implements DataMovement {
  /** The input axis for each output axis; reversed order where absent. */
  public static final Attribute<List<Long>> PERM = Attribute.ofInts("perm");

  /** {@code transposed = Transpose(data)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Transpose")
          .versions(1, 13, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .output("transposed", Types.ALL)
          .attributes(PERM)
          .doc("Puts the axes of a tensor in another order.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType type = call.type(0);
    List<Long> given = call.attributes().find(PERM);
    if (!type.shape().isRanked()) {
      Shape shape = given == null ? Shape.UNRANKED : Shape.ofRank(given.size());
      return List.of(type.withShape(shape));
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (int axis : perm(given, type.shape().rank())) {
      dimensions.add(type.shape().dimension(axis));
    }
    return List.of(type.withShape(Shape.of(dimensions)));
  }

  private static int[] perm(@Nullable List<Long> given, int rank) {
    if (given == null) {
      int[] reversed = new int[rank];
      for (int i = 0; i < rank; i++) {
        reversed[i] = rank - 1 - i;
      }
      return reversed;
    }
    if (given.size() != rank) {
      throw new IllegalArgumentException(
          "perm " + given + " does not fit a tensor of rank " + rank);
    }
    return Axes.normalized(given.stream().mapToLong(Long::longValue).toArray(), rank);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor data = call.tensor(0);
    int[] sizes = data.shape().intSizes();
    int[] strides = Elements.strides(sizes);
    int[] perm = perm(call.attributes().find(PERM), sizes.length);
    int[][] offsets = new int[perm.length][];
    for (int i = 0; i < perm.length; i++) {
      offsets[i] = Elements.steps(sizes[perm[i]], strides[perm[i]]);
    }
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(Elements.gather(data, shape, Elements.positions(offsets)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape shape = call.type(0).shape();
    if (!shape.isRanked()) {
      return Route.LUMPED;
    }
    int[] perm = perm(call.attributes().find(PERM), shape.rank());
    for (int axis = 0; axis < perm.length; axis++) {
      if (perm[axis] == spread.axis()) {
        return Route.along(axis, spread.count());
      }
    }
    return Route.LUMPED;
  }
}
