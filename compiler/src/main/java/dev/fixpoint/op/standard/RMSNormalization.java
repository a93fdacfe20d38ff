package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;

/**
 * RMSNormalization of ONNX (opset 23): {@code X / √(mean(X²) + epsilon) · scale}, over all axes
 * from one on.
 */
public final class RMSNormalization extends NormalizationOp {
  /** First axis of those that are normalized together; negative counts from the end. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** Added to the variance. */
  public static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);

  /** Type in which statistics are computed and given; the reference computes in double. */
  public static final Attribute<Long> STASH_TYPE = Attribute.ofInt("stash_type", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("RMSNormalization")
          .versions(23)
          .input("X", Types.FLOATS)
          .input("scale", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(AXIS, EPSILON, STASH_TYPE)
          .doc("Elements over their root mean square, then scaled.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  Grouping grouping(OpCall call) {
    Shape x = call.type(0).shape();
    int groups = 1;
    for (int axis = 0; axis < GroupSizes.axis(call, AXIS); axis++) {
      groups = Math.multiplyExact(groups, x.intSize(axis));
    }
    return Grouping.contiguous(x, groups);
  }

  @Override
  long groupSize(OpCall call) {
    Shape x = call.type(0).shape();
    return x.isRanked() ? GroupSizes.from(x, GroupSizes.axis(call, AXIS)) : -1;
  }

  @Override
  double epsilon(OpCall call) {
    return call.get(EPSILON);
  }

  @Override
  boolean isCentered() {
    return false;
  }

  @Override
  int parameters() {
    return 1;
  }
}
