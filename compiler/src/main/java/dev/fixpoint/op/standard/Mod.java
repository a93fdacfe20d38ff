package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * The remainder of a division with broadcasting, with the sign of the divisor, or that of the
 * dividend where {@code fmod} is set: ONNX Mod, opset 13. Division of an integer by zero throws
 * {@link ArithmeticException}.
 */
public final class Mod extends BinaryOp {
  /** Whether the result has the sign of the dividend, as with the C function of that name. */
  public static final Attribute<Long> FMOD = Attribute.ofInt("fmod", 0);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Mod")
          .versions(10, 13)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.NUMBERS)
          .attributes(FMOD)
          .doc("The remainder of a division, with broadcasting.");

  Mod() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Remainder(attributes.isSet(FMOD));
  }

  private record Remainder(boolean truncating) implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      double remainder = a % b;
      boolean otherSide = remainder != 0 && (remainder < 0) != (b < 0);
      return !truncating && otherSide ? remainder + b : remainder;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      if (type == ElementType.UINT64) {
        return Long.remainderUnsigned(a, b);
      }
      return truncating ? a % b : Math.floorMod(a, b);
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      if (b.contains(0)) {
        return Transfers.all(type);
      }
      Interval side = truncating ? a : b;
      double size = truncating ? Math.min(a.magnitude(), b.magnitude()) : b.magnitude();
      return new Interval(side.low() < 0 ? -size : 0, side.high() > 0 ? size : 0);
    }

    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      return Double.POSITIVE_INFINITY; // it jumps
    }

    @Override
    public boolean isExact() {
      return truncating;
    }
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeArithmetic.combine(
        call,
        (a, b) ->
            a.isConstant() && b.isConstant() && b.constant() != 0
                ? Affine.of(Math.floorMod(a.constant(), b.constant()))
                : null);
  }
}
