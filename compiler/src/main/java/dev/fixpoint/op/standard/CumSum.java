package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.tensor.ElementType;

/** Sums of ever more elements along an axis: ONNX CumSum, opset 14. Integers wrap around. */
public final class CumSum extends ScanOp {
  CumSum() {
    super("CumSum", "Sums of ever more elements along an axis.", 11, 14);
  }

  @Override
  int start() {
    return 0;
  }

  @Override
  double fold(double a, double b) {
    return a + b;
  }

  @Override
  long foldInteger(long a, long b) {
    return a + b;
  }

  @Override
  Interval image(Group terms) {
    return terms.sum(x -> x);
  }

  @Override
  double shift(Group terms) {
    return terms.sumOfMoves(x -> 1);
  }

  // γₙ Σ|x| in double.
  @Override
  double lost(Group terms) {
    return Outward.multiplyUp(terms.absoluteSum(), terms.count() * 0x1p-52);
  }

  @Override
  double roundoff(double[] terms, double y, ElementType type) {
    return Roundoff.ofSum(terms, 1, type);
  }
}
