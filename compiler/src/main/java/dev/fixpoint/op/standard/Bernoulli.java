package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Zeros and ones, each one with the probability that the input gives. */
public final class Bernoulli extends RandomOperator {

  /** {@code output = Bernoulli(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Bernoulli")
          .versions(15, 22)
          .input("input", Types.ALL)
          .output("output", Types.NUMBERS)
          .attributes(DTYPE, SEED)
          .doc("Zeros and ones at random.");

  Bernoulli() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    return List.of(input.withElementType(elementType(call, input.elementType())));
  }
}
