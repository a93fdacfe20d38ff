package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;

/** {@code x} for {@code x > alpha}, else 0: ONNX ThresholdedRelu, opset 22. */
public final class ThresholdedRelu extends UnaryOp {
  /** The threshold. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("ThresholdedRelu")
          .versions(10, 22)
          .input("X", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA)
          .doc("Each element, or zero where it is not above a threshold.");

  ThresholdedRelu() {
    super(SCHEMA);
  }

  @Override
  RealFunction function(Attributes attributes) {
    return new Threshold(attributes.get(ALPHA));
  }

  private record Threshold(double alpha) implements RealFunction {
    @Override
    public double apply(double x) {
      return x > alpha || Double.isNaN(x) ? x : 0;
    }

    @Override
    public Interval image(Interval x) {
      if (x.low() > alpha) {
        return x;
      }
      return x.high() > alpha ? Interval.ZERO.join(new Interval(alpha, x.high())) : Interval.ZERO;
    }

    @Override
    public double slope(Interval x) {
      return x.high() > alpha ? 1 : 0;
    }

    @Override
    public double shift(Interval x, double move) {
      boolean jumps = x.low() <= alpha && x.high() > alpha;
      return jumps ? Outward.addUp(Math.abs(alpha), move) : slope(x) * move;
    }

    @Override
    public boolean isExact() {
      return true;
    }
  }
}
