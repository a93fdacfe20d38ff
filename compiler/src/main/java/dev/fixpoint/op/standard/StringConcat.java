package dev.fixpoint.op.standard;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Strings written one behind the other, with broadcasting. */
public final class StringConcat implements TextFunction {
  /** {@code Z = StringConcat(X, Y)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("StringConcat")
          .versions(20)
          .input("X", TEXT)
          .input("Y", TEXT)
          .output("Z", TEXT)
          .doc("Strings written one behind the other.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(Broadcasts.commonType(call), Broadcasts.shape(call)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Tensor y = call.tensor(1);
    Shape shape = Broadcasting.shape(x.shape(), y.shape());
    int[] atX = Broadcasting.offsets(x.shape(), shape);
    int[] atY = Broadcasting.offsets(y.shape(), shape);
    List<String> joined = new ArrayList<>(atX.length);
    for (int i = 0; i < atX.length; i++) {
      joined.add(x.strings().get(atX[i]) + y.strings().get(atY[i]));
    }
    return List.of(Tensor.ofStrings(shape, joined));
  }
}
