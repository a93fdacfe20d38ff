package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;

/**
 * {@code x} for {@code x >= 0}, else {@code slope · x}, the slope broadcast to {@code x}: ONNX
 * PRelu, opset 16. Integers wrap around.
 */
public final class PRelu extends BinaryOp {
  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("PRelu")
          .versions(1, 6, 7, 9, 16)
          .input("X", Types.NUMBERS)
          .input("slope", Types.NUMBERS)
          .output("Y", Types.NUMBERS)
          .doc("Each element, or a multiple of it where it is negative.");

  PRelu() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType type = super.inferTypes(call).getFirst();
    Shape shape = call.type(0).shape();
    if (shape.isRanked() && !type.shape().isCompatibleWith(shape)) {
      throw new IllegalArgumentException(
          "the slope of shape " + call.type(1).shape() + " does not broadcast to " + shape);
    }
    return List.of(type.withShape(shape));
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Leaky();
  }

  private record Leaky() implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return a < 0 ? a * b : a;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      boolean negative = type.isSigned() && a < 0;
      return negative ? a * b : a;
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      if (a.low() >= 0) {
        return a;
      }
      Interval negative = new Interval(a.low(), Math.min(a.high(), 0)).times(b);
      return a.high() <= 0 ? negative : negative.join(new Interval(0, a.high()));
    }

    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      double bySlope = Outward.multiplyUp(Math.max(-a.low(), 0), moveB);
      return Outward.addUp(Outward.multiplyUp(moveA, Math.max(1, b.magnitude())), bySlope);
    }
  }
}
