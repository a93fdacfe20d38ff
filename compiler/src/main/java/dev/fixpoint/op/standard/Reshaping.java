package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Affine;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What two shapes of the same elements have to do with each other. */
final class Reshaping {
  private Reshaping() {}

  /**
   * What becomes of an axis: an output axis that starts at the same place and is as long or a
   * multiple of it holds the entries in order, each repeated as often as inner axes were merged
   * into it.
   */
  static Route along(Shape from, Shape to, Spread.Along spread) {
    if (!from.isRanked() || !to.isRanked() || spread.axis() >= from.rank()) {
      return Route.LUMPED;
    }
    List<Dimension> outer = from.dimensions().subList(0, spread.axis());
    for (int axis = 0; axis < to.rank(); axis++) {
      if (to.dimension(axis) instanceof Dimension.Fixed fixed
          && fixed.size() > 0
          && fixed.size() % spread.count() == 0
          && isSameProduct(outer, to.dimensions().subList(0, axis))) {
        int size = Math.toIntExact(fixed.size());
        int[] entries = new int[size];
        for (int i = 0; i < size; i++) {
          entries[i] = i / (size / spread.count());
        }
        return Route.along(axis, entries);
      }
    }
    return Route.LUMPED;
  }

  /** Whether two lists of dimensions certainly have the same product. */
  private static boolean isSameProduct(List<Dimension> a, List<Dimension> b) {
    Affine one = Affine.of(1);
    return one.equals(quotient(a, b));
  }

  /** The product of some dimensions over that of others, or null where it is not known. */
  static @Nullable Affine quotient(List<Dimension> over, List<Dimension> under) {
    List<Dimension> left = new ArrayList<>(over);
    List<Dimension> right = new ArrayList<>();
    for (Dimension dimension : under) {
      if (!(dimension instanceof Dimension.Symbolic) || !left.remove(dimension)) {
        right.add(dimension);
      }
    }
    Dimension divisor = Axes.product(right);
    Affine dividend = Axes.affine(Axes.product(left));
    if (!(divisor instanceof Dimension.Fixed fixed) || fixed.size() == 0 || dividend == null) {
      return null;
    }
    return divided(left, dividend, fixed.size());
  }

  private static @Nullable Affine divided(List<Dimension> factors, Affine product, long divisor) {
    if (product.isConstant()) {
      return product.constant() % divisor == 0 ? Affine.of(product.constant() / divisor) : null;
    }
    long number = 1;
    Dimension symbol = Dimension.UNKNOWN;
    for (Dimension factor : factors) {
      if (factor instanceof Dimension.Fixed fixed) {
        number = Math.multiplyExact(number, fixed.size());
      } else {
        symbol = factor;
      }
    }
    return number % divisor == 0 ? Axes.affine(Axes.times(symbol, number / divisor)) : null;
  }
}
