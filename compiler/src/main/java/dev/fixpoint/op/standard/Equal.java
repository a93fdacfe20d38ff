package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import org.jspecify.annotations.Nullable;

/** Whether {@code a == b}, with broadcasting: ONNX Equal, opset 19. NaN equals nothing. */
public final class Equal extends TruthOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Equal")
          .versions(1, 7, 11, 13, 19)
          .input("A", NumericTypes.COMPARABLE)
          .input("B", NumericTypes.COMPARABLE)
          .output("C", Types.BOOL)
          .doc("Whether elements are equal, with broadcasting.");

  Equal() {
    super(SCHEMA);
  }

  @Override
  boolean holds(double a, double b) {
    return a == b;
  }

  @Override
  boolean holdsInteger(long a, long b, ElementType type) {
    return a == b;
  }

  @Override
  boolean canHold(Interval a, Interval b) {
    return a.low() <= b.high() && b.low() <= a.high();
  }

  @Override
  boolean canFail(Interval a, Interval b) {
    return a.low() != a.high() || b.low() != b.high() || a.low() != b.low();
  }

  @Override
  boolean holdsText(String a, String b) {
    return a.equals(b);
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    return ShapeArithmetic.combine(call, Equal::compared);
  }

  /** Dimensions are not negative: so is each term with a coefficient that is not. */
  private static @Nullable Affine compared(Affine a, Affine b) {
    Affine difference = a.plus(b.times(-1));
    if (difference.isConstant()) {
      return Affine.of(difference.constant() == 0 ? 1 : 0);
    }
    return isPositive(difference) || isPositive(difference.times(-1)) ? Affine.of(0) : null;
  }

  private static boolean isPositive(Affine value) {
    return value.constant() > 0 && value.terms().values().stream().allMatch(c -> c > 0);
  }
}
