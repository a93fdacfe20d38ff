package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Numbers of a uniform distribution, in the shape of the input. */
public final class RandomUniformLike extends RandomOperator {
  /** Lower end of the interval. */
  public static final Attribute<Float> LOW = Attribute.ofFloat("low", 0);

  /** Upper end of the interval. */
  public static final Attribute<Float> HIGH = Attribute.ofFloat("high", 1);

  /** {@code output = RandomUniformLike(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("RandomUniformLike")
          .versions(1, 22)
          .input("input", Types.ALL)
          .output("output", Types.NUMBERS)
          .attributes(DTYPE, HIGH, LOW, SEED)
          .doc("Numbers of a uniform distribution.");

  RandomUniformLike() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    return List.of(input.withElementType(elementType(call, input.elementType())));
  }
}
