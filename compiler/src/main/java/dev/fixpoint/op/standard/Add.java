package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/** {@code a + b} with broadcasting: ONNX Add, opset 14. Integers wrap around. */
public final class Add extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Add")
          .versions(1, 6, 7, 13, 14)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.NUMBERS)
          .doc("The sum of two tensors, with broadcasting.");

  Add() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Sum();
  }

  private record Sum() implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return a + b;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      return a + b;
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      return a.plus(b);
    }

    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      return Outward.addUp(moveA, moveB);
    }
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeArithmetic.combine(call, (a, b) -> a.plus(b));
  }
}
