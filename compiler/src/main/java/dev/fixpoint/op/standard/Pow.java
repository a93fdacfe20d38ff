package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * {@code a} to the power {@code b} with broadcasting, in the type of {@code a}: ONNX Pow, opset 15.
 * An integer to the power of a non-negative integer wraps around; other powers of integers are
 * computed in double and truncated.
 */
public final class Pow extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Pow")
          .versions(1, 7, 12, 13, 15)
          .input("X", Types.union(Types.FLOATS, Types.INDICES))
          .input("Y", Types.NUMBERS)
          .output("Z", Types.union(Types.FLOATS, Types.INDICES))
          .doc("The power of two tensors, with broadcasting.");

  Pow() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Power();
  }

  private record Power() implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return Math.pow(a, b);
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      if (b < 0) {
        return (long) Math.pow(a, b);
      }
      long power = 1;
      long square = a;
      for (long rest = b; rest > 0; rest >>= 1) {
        power = (rest & 1) == 1 ? power * square : power;
        square *= square;
      }
      return power;
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      Interval real = PowerImages.image(a, b);
      return type.isFloat() ? real : real.join(Interval.ZERO);
    }

    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      double real = PowerImages.shift(a, b, moveA, moveB);
      return type.isFloat() ? real : Outward.addUp(real, 1); // truncation
    }

    @Override
    public double roundoff(double a, double b, double y, double ulp) {
      return (1 + RealFunction.LIBRARY_ULPS) * ulp * Math.abs(y);
    }
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    return List.of(new TensorType(call.type(0).elementType(), Broadcasts.shape(call)));
  }
}
