package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;

/** Products of ever more elements along an axis: ONNX CumProd, opset 26. Integers wrap around. */
public final class CumProd extends ScanOp {
  CumProd() {
    super("CumProd", "Products of ever more elements along an axis.", 26);
  }

  @Override
  int start() {
    return 1;
  }

  @Override
  double fold(double a, double b) {
    return a * b;
  }

  @Override
  long foldInteger(long a, long b) {
    return a * b;
  }

  @Override
  Interval image(Group terms) {
    return Products.powers(terms);
  }

  @Override
  double shift(Group terms) {
    return Products.largestShift(terms);
  }

  @Override
  double lost(Group terms) {
    return Outward.multiplyUp(image(terms).magnitude(), terms.count() * 0x1p-52);
  }

  @Override
  double roundoff(double[] terms, double y, ElementType type) {
    return 2 * Transfers.smallest(type) + Math.abs(y) * Transfers.gamma(type, terms.length + 2L);
  }
}
