package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.ElementType;

/** {@code Swish(a) · b}, a gated activation: ONNX SwiGLU, opset 28. */
public final class SwiGlu extends BinaryOp {
  /** Factor in the logistic function. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1f);

  /** The signature. */
  public static final OpSchema SCHEMA =
      OpSchema.of("SwiGLU")
          .versions(28)
          .input("A", Types.FLOATS)
          .input("B", Types.FLOATS)
          .output("Y", Types.FLOATS)
          .attributes(ALPHA)
          .doc("The swish of one tensor times another.");

  SwiGlu() {
    super(SCHEMA);
  }

  @Override
  BinaryFunction function(Attributes attributes) {
    return new Gated(Swish.curve(attributes.get(ALPHA)));
  }

  private record Gated(RealFunction gate) implements BinaryFunction {
    @Override
    public double apply(double a, double b) {
      return gate.apply(a) * b;
    }

    @Override
    public long applyInteger(long a, long b, ElementType type) {
      throw new IllegalArgumentException("SwiGLU is not defined on " + type.text());
    }

    @Override
    public Interval image(Interval a, Interval b, ElementType type) {
      return gate.image(a).times(b);
    }

    // As for a product of the gate's value, which moves by its own shift, and b.
    @Override
    public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
      double byGate = Outward.multiplyUp(Math.nextUp(gate.shift(a, moveA)), b.magnitude());
      return Outward.addUp(byGate, Outward.multiplyUp(gate.image(a).magnitude(), moveB));
    }

    @Override
    public double roundoff(double a, double b, double y, double ulp) {
      return gate.roundoff(a, gate.apply(a), ulp) * Math.abs(b) + 2 * ulp * Math.abs(y);
    }
  }
}
