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

/** {@code a · b} with broadcasting: ONNX Mul, opset 14. Integers wrap around. */
public final class Mul extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Mul")
          .versions(1, 6, 7, 13, 14)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.NUMBERS)
          .doc("The product of two tensors element by element, with broadcasting.");

  Mul() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Product();
  }

  private record Product() implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return a * b;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      return a * b;
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      return a.times(b);
    }

    @Override
    public Interval imageOfSame(Interval a, ElementType type) {
      return a.times(a).clamped(0, Double.POSITIVE_INFINITY);
    }

    // a'b' - ab = (a' - a) b' + a (b' - b), with both a and b' in their intervals.
    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      return Outward.addUp(
          Outward.multiplyUp(moveA, b.magnitude()), Outward.multiplyUp(a.magnitude(), moveB));
    }
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeArithmetic.combine(
        call,
        (a, b) -> {
          if (b.isConstant()) {
            return a.times(b.constant());
          }
          return a.isConstant() ? b.times(a.constant()) : null;
        });
  }
}
