package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * MeanVarianceNormalization of ONNX (opset 13): {@code (X - mean) / (standard deviation + 1e-9)}
 * over the given axes, as the operator's function body writes it.
 */
public final class MeanVarianceNormalization extends NormalizationOp {
  /** Axes that are normalized together. */
  public static final Attribute<List<Long>> AXES =
      Attribute.ofInts("axes").withDefault(List.of(0L, 2L, 3L));

  /** Added to the standard deviation. */
  private static final double OFFSET = 1e-9;

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("MeanVarianceNormalization")
          .versions(9, 13)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(AXES)
          .doc("Elements less their mean over their standard deviation.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    if (call.type(0).shape().isRanked()) {
      reduced(call); // refuses axes that are not there
    }
    return super.inferTypes(call);
  }

  @Override
  Grouping grouping(OpCall call) {
    return Grouping.over(call.type(0).shape(), reduced(call));
  }

  private static boolean[] reduced(OpCall call) {
    int rank = call.type(0).shape().rank();
    boolean[] reduced = new boolean[rank];
    for (long axis : call.get(AXES)) {
      reduced[GroupSizes.axis(axis, rank)] = true;
    }
    return reduced;
  }

  @Override
  long groupSize(OpCall call) {
    Shape x = call.type(0).shape();
    if (!x.isRanked()) {
      return -1;
    }
    long size = 1;
    boolean[] reduced = reduced(call);
    for (int axis = 0; axis < reduced.length; axis++) {
      if (reduced[axis] && !x.dimension(axis).isFixed()) {
        return -1;
      }
      size *= reduced[axis] ? x.size(axis) : 1;
    }
    return size;
  }

  @Override
  double epsilon(OpCall call) {
    return OFFSET * OFFSET;
  }

  @Override
  double denominator(GroupMoments moments, double epsilon) {
    return Math.sqrt(moments.variance()) + OFFSET;
  }

  @Override
  int parameters() {
    return 0;
  }
}
