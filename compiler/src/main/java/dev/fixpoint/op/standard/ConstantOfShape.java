package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor of a given shape with the same value everywhere. */
public final class ConstantOfShape implements ShapeFunction {
  /** The value, a tensor of one element. */
  public static final Attribute<Tensor> VALUE =
      Attribute.ofTensor("value").withDefault(Tensor.ofFloats(Shape.of(1), 0));

  /** {@code output = ConstantOfShape(input)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("ConstantOfShape")
          .versions(9, 20, 21, 23, 24, 25)
          .input("input", Types.INT64)
          .output("output", Types.ALL)
          .attributes(VALUE)
          .doc("A tensor of a given shape with the same value everywhere.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Tensor value = call.get(VALUE);
    if (value.elementCount() != 1) {
      throw new IllegalArgumentException("the value should have one element, but is " + value);
    }
    return List.of(new TensorType(value.elementType(), Axes.shape(call, 0)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    int[] positions = new int[Math.toIntExact(shape.elementCount())];
    return List.of(Elements.gather(call.get(VALUE), shape, positions));
  }

  @Override
  public Interval image(OpCall call) {
    Tensor value = call.get(VALUE);
    return value.elementType().isNumeric() ? Range.ofTensor(value).hull() : Interval.ALL;
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    Shape shape = Axes.shape(call, 0);
    Tensor value = call.get(VALUE);
    boolean isSmall =
        shape.isStatic() && shape.rank() <= 1 && shape.elementCount() <= ShapeValue.MAX_ENTRIES;
    if (!isSmall || !Types.INDICES.contains(value.elementType())) {
      return null;
    }
    Affine entry = Affine.of(value.longAt(0));
    return new ShapeValue(
        shape.rank() == 0, Collections.nCopies((int) shape.elementCount(), entry));
  }
}
