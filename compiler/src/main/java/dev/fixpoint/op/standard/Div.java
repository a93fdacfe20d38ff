package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code a / b} with broadcasting: ONNX Div, opset 14. Integers are truncated towards zero;
 * division of an integer by zero throws {@link ArithmeticException}.
 */
public final class Div extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Div")
          .versions(1, 6, 7, 13, 14)
          .input("A", Types.NUMBERS)
          .input("B", Types.NUMBERS)
          .output("C", Types.NUMBERS)
          .doc("The quotient of two tensors, with broadcasting.");

  Div() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Quotient();
  }

  private record Quotient() implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return a / b;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      return type == ElementType.UINT64 ? Long.divideUnsigned(a, b) : a / b;
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      if (b.contains(0)) {
        return Transfers.all(type);
      }
      Interval quotient = a.times(inverse(b));
      return type.isFloat()
          ? quotient
          : quotient.join(new Interval(truncated(quotient.low()), truncated(quotient.high())));
    }

    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      double nearest = Images.nearestToZero(b);
      if (nearest == 0) {
        return Double.POSITIVE_INFINITY;
      }
      // a'/b' - a/b = (a' - a)/b' - a (b' - b)/(b b'); truncation adds less than 1.
      double byA = Outward.divideUp(moveA, nearest);
      double byB =
          Outward.divideUp(
              Outward.divideUp(Outward.multiplyUp(a.magnitude(), moveB), nearest), nearest);
      return Outward.addUp(Outward.addUp(byA, byB), type.isFloat() ? 0 : 1);
    }

    private static Interval inverse(Interval b) {
      return b.low() > 0
          ? new Interval(Outward.divideDown(1, b.high()), Outward.divideUp(1, b.low()))
          : inverse(b.negated()).negated();
    }

    private static double truncated(double x) {
      return x < 0 ? Math.ceil(x) : Math.floor(x);
    }
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeArithmetic.combine(call, Div::quotient);
  }

  private static @Nullable Affine quotient(Affine a, Affine b) {
    if (!b.isConstant() || b.constant() == 0) {
      return null;
    }
    long divisor = b.constant();
    if (a.isConstant()) {
      return Affine.of(a.constant() / divisor);
    }
    boolean whole =
        a.constant() % divisor == 0 && a.terms().values().stream().allMatch(c -> c % divisor == 0);
    if (!whole) {
      return null;
    }
    Map<String, Long> terms = new TreeMap<>();
    a.terms().forEach((symbol, c) -> terms.put(symbol, c / divisor));
    return new Affine(a.constant() / divisor, terms);
  }
}
