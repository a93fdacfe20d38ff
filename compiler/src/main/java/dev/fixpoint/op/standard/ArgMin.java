package dev.fixpoint.op.standard;

/** The position of the smallest element along an axis: ONNX ArgMin, opset 13. */
public final class ArgMin extends ArgOp {
  ArgMin() {
    super("ArgMin", "The position of the smallest element along an axis.");
  }

  @Override
  int compare(double a, double b) {
    return Double.compare(b + 0.0, a + 0.0); // zeros of both signs are equal
  }
}
