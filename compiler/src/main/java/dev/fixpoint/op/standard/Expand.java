package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/** Repeats a tensor along axes so that it has the shape of its broadcast with a given shape. */
public final class Expand implements DataMovement {
  /** {@code output = Expand(input, shape)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Expand")
          .versions(8, 13)
          .input("input", Types.ALL)
          .input("shape", Types.INT64)
          .output("output", Types.ALL)
          .doc("Repeats a tensor to the shape of a broadcast.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType input = call.type(0);
    return List.of(input.withShape(Broadcasting.shape(input.shape(), Axes.shape(call, 1))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor input = call.tensor(0);
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(Elements.gather(input, shape, Broadcasting.offsets(input.shape(), shape)));
  }

  @Override
  public Route along(OpCall call, int output, Spread.Along spread) {
    Shape from = call.type(0).shape();
    Shape to = inferTypes(call).getFirst().shape();
    return spread.count() > 1 && from.isRanked() && to.isRanked()
        ? Route.along(spread.axis() + to.rank() - from.rank(), spread.count())
        : Route.LUMPED;
  }
}
