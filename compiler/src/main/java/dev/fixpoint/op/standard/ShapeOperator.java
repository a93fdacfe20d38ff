package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
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

/** ONNX {@code Shape}: the sizes of a tensor's axes from {@link #START} to before {@link #END}. */
public final class ShapeOperator implements ShapeFunction {
  /** First axis; negative ones count from the end, ones out of range are moved to the border. */
  public static final Attribute<Long> START = Attribute.ofInt("start", 0);

  /** The axis after the last; the rank where absent. */
  public static final Attribute<Long> END = Attribute.ofInt("end");

  /** {@code shape = Shape(data)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Shape")
          .versions(1, 13, 15, 19, 21, 23, 24, 25)
          .input("data", Types.ALL)
          .output("shape", Types.INT64)
          .attributes(START, END)
          .doc("The sizes of a tensor's axes.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape selected = selected(call);
    return List.of(
        selected.isRanked()
            ? TensorType.of(ElementType.INT64, selected.rank())
            : new TensorType(ElementType.INT64, Shape.ofRank(1)));
  }

  /** The dimensions that the call asks for. */
  private static Shape selected(OpCall call) {
    Shape data = call.type(0).shape();
    if (!data.isRanked()) {
      return data;
    }
    Long end = call.attributes().find(END);
    int from = border(call.get(START), data.rank());
    int to = end == null ? data.rank() : border(end, data.rank());
    return Shape.of(data.dimensions().subList(from, Math.max(from, to)));
  }

  private static int border(long axis, int rank) {
    return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    return List.of(Tensor.vector(selected(call).sizes()));
  }

  @Override
  public Interval image(OpCall call) {
    Shape selected = selected(call);
    return selected.isStatic() && selected.rank() > 0
        ? Intervals.ofLongs(selected.sizes())
        : Intervals.SIZES;
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    Shape selected = selected(call);
    return selected.isRanked() && selected.rank() <= ShapeValue.MAX_ENTRIES
        ? ShapeValue.ofShape(selected)
        : null;
  }
}
