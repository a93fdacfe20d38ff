package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Numbers of a uniform distribution. */
public final class RandomUniform extends RandomOperator {
  /** Lower end of the interval. */
  public static final Attribute<Float> LOW = Attribute.ofFloat("low", 0);

  /** Upper end of the interval. */
  public static final Attribute<Float> HIGH = Attribute.ofFloat("high", 1);

  /** Shape of the output. */
  public static final Attribute<List<Long>> SHAPE = Attribute.ofInts("shape").required();

  /** {@code output = RandomUniform()}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("RandomUniform")
          .versions(1, 22)
          .output("output", Types.NUMBERS)
          .attributes(DTYPE, HIGH, LOW, SEED, SHAPE)
          .doc("Numbers of a uniform distribution.");

  RandomUniform() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    long[] sizes = call.get(SHAPE).stream().mapToLong(Long::longValue).toArray();
    return List.of(new TensorType(elementType(call, ElementType.FLOAT), Shape.of(sizes)));
  }
}
