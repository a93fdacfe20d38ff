package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An element of the second input where the condition holds, else one of the third, with
 * broadcasting: ONNX Where, opset 16.
 */
public final class Where implements OpDefinition {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Where")
          .versions(9, 16)
          .input("condition", Types.BOOL)
          .input("X", Types.ALL)
          .input("Y", Types.ALL)
          .output("output", Types.ALL)
          .doc("Elements of one tensor or another, by a condition, with broadcasting.");

  Where() {}

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(Broadcasts.commonType(call, 1), Broadcasts.shape(call)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    TensorType type = inferTypes(call).getFirst();
    byte[] condition = call.tensor(0).toBytes();
    int[] atCondition = Broadcasting.offsets(call.type(0).shape(), type.shape());
    int[] atX = Broadcasting.offsets(call.type(1).shape(), type.shape());
    int[] atY = Broadcasting.offsets(call.type(2).shape(), type.shape());
    Tensor x = call.tensor(1);
    Tensor y = call.tensor(2);
    if (type.elementType() == ElementType.STRING) {
      List<String> result =
          IntStream.range(0, atX.length)
              .mapToObj(
                  i ->
                      condition[atCondition[i]] != 0
                          ? x.strings().get(atX[i])
                          : y.strings().get(atY[i]))
              .toList();
      return List.of(Tensor.ofStrings(type.shape(), result));
    }
    long[] bits = new long[atX.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = condition[atCondition[i]] != 0 ? x.bitsAt(atX[i]) : y.bitsAt(atY[i]);
    }
    return List.of(Tensor.ofBits(type.elementType(), type.shape(), bits));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Broadcasts.entries(call, ranges).range(Where::image));
  }

  private static Interval image(Interval[] x) {
    Interval condition = x[0];
    if (condition.low() > 0) {
      return x[1];
    }
    return condition.high() < 1 ? x[2] : x[1].join(x[2]);
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(Broadcasts.entries(call, ranges, errors).error(Where::shift));
  }

  private static double shift(Interval[] x, double[] moves) {
    Interval condition = x[0];
    if (condition.low() > 0) {
      return moves[1];
    }
    if (condition.high() < 1) {
      return moves[2];
    }
    return moves[0] > 0 ? image(x).width() : Math.max(moves[1], moves[2]);
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    ShapeValue condition = call.shapeValue(0);
    ShapeValue x = call.shapeValue(1);
    ShapeValue y = call.shapeValue(2);
    if (condition == null || x == null || y == null) {
      return null;
    }
    ShapeValue kept = ShapeArithmetic.combine(condition, x, (c, v) -> isOne(c) ? v : null);
    ShapeValue other = ShapeArithmetic.combine(condition, y, (c, v) -> isOne(c) ? null : v);
    return kept == null || other == null ? null : ShapeArithmetic.either(kept, other);
  }

  private static boolean isOne(Affine condition) {
    return condition.isConstant() && condition.constant() != 0;
  }
}
