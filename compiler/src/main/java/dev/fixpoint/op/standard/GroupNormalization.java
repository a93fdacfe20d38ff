package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;

/**
 * GroupNormalization of ONNX (opset 21): the channels of {@code X [N,C,…]} in groups, each
 * normalized by itself, then scaled and shifted by channel.
 */
public final class GroupNormalization extends NormalizationOp {
  /** Added to the variance. */
  public static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);

  /** Number of groups into which channels are divided. */
  public static final Attribute<Long> NUM_GROUPS = Attribute.ofInt("num_groups").required();

  /** Type in which statistics are computed; the reference computes in double. */
  public static final Attribute<Long> STASH_TYPE = Attribute.ofInt("stash_type", 1);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("GroupNormalization")
          .versions(18, 21)
          .input("X", Types.FLOATS)
          .input("scale", Types.FLOATS)
          .input("bias", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(EPSILON, NUM_GROUPS, STASH_TYPE)
          .doc("Groups of channels normalized by themselves, then scaled and shifted by channel.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  Grouping grouping(OpCall call) {
    Shape x = call.type(0).shape();
    long groups = call.get(NUM_GROUPS);
    if (groups < 1 || x.size(1) % groups != 0) {
      throw new IllegalArgumentException(
          x.size(1) + " channels are not divided by " + groups + " groups");
    }
    return Grouping.contiguous(x, Math.toIntExact(Math.multiplyExact(x.size(0), groups)));
  }

  @Override
  long groupSize(OpCall call) {
    if (call.get(NUM_GROUPS) < 1) {
      throw new IllegalArgumentException(
          "attribute 'num_groups' should be at least 1, but is " + call.get(NUM_GROUPS));
    }
    long size = GroupSizes.from(call.type(0).shape(), 1);
    return size < 0 ? size : size / call.get(NUM_GROUPS);
  }

  @Override
  double epsilon(OpCall call) {
    return call.get(EPSILON);
  }

  @Override
  Shape aligned(OpCall call, int parameter) {
    return perChannel(call, parameter);
  }
}
