package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Classes drawn by their unnormalized log probabilities, for each row of the input. */
public final class Multinomial extends RandomOperator {
  /** Number of draws for each row. */
  public static final Attribute<Long> SAMPLE_SIZE = Attribute.ofInt("sample_size", 1);

  /** {@code output = Multinomial(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Multinomial")
          .versions(7, 22)
          .input("input", Types.ALL)
          .output("output", Types.NUMBERS)
          .attributes(DTYPE, SAMPLE_SIZE, SEED)
          .doc("Classes drawn at random.");

  Multinomial() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Dimension rows = Axes.ofRank(call, 0, 2).dimension(0);
    Shape shape = Shape.of(List.of(rows, Dimension.of(call.get(SAMPLE_SIZE))));
    return List.of(new TensorType(elementType(call, ElementType.INT32), shape));
  }
}
