package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The number of elements of a tensor, as an int64 scalar. */
public final class Size implements ShapeFunction {
  /** {@code size = Size(data)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Size")
          .versions(1, 13, 19, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .output("size", Types.INT64)
          .doc("The number of elements of a tensor.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(ElementType.INT64, Shape.SCALAR));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    long count = call.tensor(0).elementCount();
    return List.of(Tensor.ofLongs(ElementType.INT64, Shape.SCALAR, count));
  }

  @Override
  public Interval image(OpCall call) {
    Shape shape = call.type(0).shape();
    return shape.isStatic() ? Interval.point(shape.elementCount()) : Intervals.SIZES;
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    Shape shape = call.type(0).shape();
    return shape.isRanked()
        ? ShapeValue.ofScalar(Axes.affine(Axes.product(shape.dimensions())))
        : null;
  }
}
