package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** A matrix of the input's shape with ones on the k-th diagonal and zeros elsewhere. */
public final class EyeLike implements ShapeFunction {
  /** Element type of the output, as in {@code TensorProto.DataType}; the input's where absent. */
  public static final Attribute<Long> DTYPE = Attribute.ofInt("dtype");

  /** The diagonal, counted from the main one upwards. */
  public static final Attribute<Long> K = Attribute.ofInt("k", 0);

  /** {@code output = EyeLike(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("EyeLike")
          .versions(9, 22)
          .input("input", Types.ALL)
          .output("output", Types.ALL)
          .attributes(DTYPE, K)
          .doc("A matrix with ones on a diagonal.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    if (input.shape().isRanked() && input.shape().rank() != 2) {
      throw new IllegalArgumentException(input + " is not a matrix");
    }
    Shape shape = input.shape().isRanked() ? input.shape() : Shape.ofRank(2);
    return List.of(new TensorType(ElementTypes.given(call, DTYPE, input.elementType()), shape));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    TensorType type = inferTypes(call).getFirst();
    int columns = type.shape().intSize(1);
    Tensor values = ElementTypes.zeroAndOne(type.elementType());
    int[] positions = new int[Math.toIntExact(type.shape().elementCount())];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i % columns - (long) (i / columns) == call.get(K) ? 1 : 0;
    }
    return List.of(Elements.gather(values, type.shape(), positions));
  }

  @Override
  public Interval image(OpCall call) {
    return new Interval(0, 1);
  }
}
