package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import java.util.Arrays;

/** 1 at the first largest element of each line along an axis, else 0: ONNX Hardmax, opset 13. */
public final class Hardmax extends SoftmaxOp {
  Hardmax() {
    super("Hardmax", "One at the first largest element of each line, else zero.");
  }

  @Override
  void apply(double[] line) {
    int first = 0;
    for (int i = 1; i < line.length; i++) {
      first = line[i] > line[first] ? i : first;
    }
    Arrays.fill(line, 0);
    if (line.length > 0) {
      line[first] = 1;
    }
  }

  @Override
  Interval image(Interval term, Group line) {
    boolean loses = Arrays.stream(line.terms()).anyMatch(other -> other.low() > term.high());
    return new Interval(0, loses ? 0 : 1);
  }

  @Override
  double shift(Interval image, double move) {
    return image.width();
  }

  @Override
  boolean isExact() {
    return true;
  }

  @Override
  double roundoff(double[] line, double x, double y, ElementType type) {
    return 0;
  }
}
