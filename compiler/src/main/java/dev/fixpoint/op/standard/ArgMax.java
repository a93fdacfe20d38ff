package dev.fixpoint.op.standard;

/** The position of the largest element along an axis: ONNX ArgMax, opset 13. */
public final class ArgMax extends ArgOp {
  ArgMax() {
    super("ArgMax", "The position of the largest element along an axis.");
  }

  @Override
  int compare(double a, double b) {
    return Double.compare(a + 0.0, b + 0.0); // zeros of both signs are equal
  }
}
