package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Numbers of a normal distribution, in the shape of the input. */
public final class RandomNormalLike extends RandomOperator {
  /** Mean of the distribution. */
  public static final Attribute<Float> MEAN = Attribute.ofFloat("mean", 0);

  /** Standard deviation of the distribution. */
  public static final Attribute<Float> SCALE = Attribute.ofFloat("scale", 1);

  /** {@code output = RandomNormalLike(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("RandomNormalLike")
          .versions(1, 22)
          .input("input", Types.ALL)
          .output("output", Types.NUMBERS)
          .attributes(DTYPE, MEAN, SCALE, SEED)
          .doc("Numbers of a normal distribution.");

  RandomNormalLike() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    return List.of(input.withElementType(elementType(call, input.elementType())));
  }
}
