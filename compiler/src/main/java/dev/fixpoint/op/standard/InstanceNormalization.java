package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;

/**
 * InstanceNormalization of ONNX (opset 22): every plane of {@code X [N,C,…]} normalized by itself,
 * then scaled and shifted by channel.
 */
public final class InstanceNormalization extends NormalizationOp {
  /** Added to the variance. */
  public static final Attribute<Float> EPSILON = Attribute.ofFloat("epsilon", 1e-5f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("InstanceNormalization")
          .versions(1, 6, 22)
          .input("input", Types.FLOATS)
          .input("scale", Types.FLOATS)
          .input("B", Types.FLOATS)
          .output("output", Types.FLOATS)
          .attributes(EPSILON)
          .doc("Each plane normalized by itself, then scaled and shifted by channel.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  Grouping grouping(OpCall call) {
    Shape x = call.type(0).shape();
    return Grouping.contiguous(x, Math.toIntExact(Math.multiplyExact(x.size(0), x.size(1))));
  }

  @Override
  long groupSize(OpCall call) {
    return GroupSizes.from(call.type(0).shape(), 2);
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
