package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Numbers of a normal distribution. */
public final class RandomNormal extends RandomOperator {
  /** Mean of the distribution. */
  public static final Attribute<Float> MEAN = Attribute.ofFloat("mean", 0);

  /** Standard deviation of the distribution. */
  public static final Attribute<Float> SCALE = Attribute.ofFloat("scale", 1);

  /** Shape of the output. */
  public static final Attribute<List<Long>> SHAPE = Attribute.ofInts("shape").required();

  /** {@code output = RandomNormal()}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("RandomNormal")
          .versions(1, 22)
          .output("output", Types.NUMBERS)
          .attributes(DTYPE, MEAN, SCALE, SEED, SHAPE)
          .doc("Numbers of a normal distribution.");

  RandomNormal() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    long[] sizes = call.get(SHAPE).stream().mapToLong(Long::longValue).toArray();
    return List.of(new TensorType(elementType(call, ElementType.FLOAT), Shape.of(sizes)));
  }
}
