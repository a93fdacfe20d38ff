package dev.fixpoint.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The numbers that some elements can be, all at once: {@code center + Σ ε_k · symbol_k ± radius},
 * where every ε lies in [-1, 1] and is the same for all elements and forms that share the symbol (a
 * zonotope with a box around it). Sums and differences of elements keep what they have in common,
 * which intervals forget.
 *
 * @param center centre of each element
 * @param symbols coefficients of each element, by symbol; {@link #ZERO} where all are 0
 * @param radius what else each element can be off by, independently
 */
record AffineForm(double[] center, List<double[]> symbols, double[] radius) {
  /** The roundings of one sum in double, relative to the sum of magnitudes, with room to spare. */
  private static final double SLACK = 0x1p-40;

  /** The coefficients of a symbol that no element depends on. */
  private static final double[] ZERO = {};

  /** Known numbers. */
  static AffineForm point(double[] values) {
    return new AffineForm(values, List.of(), new double[values.length]);
  }

  /** Numbers in independent intervals. */
  static AffineForm box(double[] center, double[] radius) {
    return new AffineForm(center, List.of(), radius);
  }

  /** Number of elements. */
  int size() {
    return center.length;
  }

  /** The largest distance of each element from its centre. */
  double[] reach() {
    double[] reach = radius.clone();
    for (double[] symbol : symbols) {
      for (int i = 0; i < symbol.length; i++) {
        reach[i] += Math.abs(symbol[i]);
      }
    }
    for (int i = 0; i < reach.length; i++) {
      reach[i] *= 1 + SLACK;
    }
    return reach;
  }

  /** The largest magnitude of each element. */
  double[] magnitude() {
    double[] magnitude = reach();
    for (int i = 0; i < magnitude.length; i++) {
      magnitude[i] += Math.abs(center[i]);
    }
    return magnitude;
  }

  /** The sum with a form that shares symbols with this one. */
  AffineForm plus(AffineForm other) {
    int count = Math.max(symbols.size(), other.symbols.size());
    List<double[]> sums = new ArrayList<>(count);
    for (int k = 0; k < count; k++) {
      double[] mine = k < symbols.size() ? symbols.get(k) : ZERO;
      double[] theirs = k < other.symbols.size() ? other.symbols.get(k) : ZERO;
      sums.add(sum(mine, theirs));
    }
    double[] c = sum(center, other.center);
    double[] r = sum(radius, other.radius);
    double[] magnitude = sum(magnitude(), other.magnitude());
    for (int i = 0; i < r.length; i++) {
      r[i] += SLACK * magnitude[i];
    }
    return new AffineForm(c, sums, r);
  }

  private static double[] sum(double[] a, double[] b) {
    if (a.length == 0 || b.length == 0) {
      return a.length == 0 ? b : a;
    }
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  /** This form with more independent uncertainty. */
  AffineForm widened(double[] more) {
    return new AffineForm(center, symbols, sum(radius, more));
  }

  /** The elements at the given positions. */
  AffineForm selected(int[] positions) {
    List<double[]> moved = new ArrayList<>();
    for (double[] symbol : symbols) {
      moved.add(symbol.length == 0 ? ZERO : select(symbol, positions));
    }
    return new AffineForm(select(center, positions), moved, select(radius, positions));
  }

  private static double[] select(double[] values, int[] positions) {
    return Arrays.stream(positions).mapToDouble(i -> values[i]).toArray();
  }

  /** The image under a matrix. */
  AffineForm times(LinearMap map) {
    List<double[]> images = new ArrayList<>();
    for (double[] symbol : symbols) {
      images.add(symbol.length == 0 ? ZERO : map.apply(symbol));
    }
    double[] r = map.applyMagnitudes(radius);
    double[] magnitude = map.applyMagnitudes(magnitude());
    for (int i = 0; i < r.length; i++) {
      r[i] += SLACK * (r[i] + magnitude[i]);
    }
    return new AffineForm(map.apply(center), images, r);
  }

  /**
   * Each element times a factor, plus a shift, with an uncertainty that becomes a new symbol of its
   * own.
   *
   * @param factor factor of each element
   * @param shift shift of each element
   * @param fresh uncertainty of each element
   * @param firstSymbol number of symbols that are in use
   */
  AffineForm mapped(double[] factor, double[] shift, double[] fresh, int firstSymbol) {
    double[] c = new double[size()];
    double[] r = new double[size()];
    double[] magnitude = magnitude();
    for (int i = 0; i < c.length; i++) {
      c[i] = factor[i] * center[i] + shift[i];
      r[i] = factor[i] * radius[i] + SLACK * (magnitude[i] + Math.abs(shift[i]) + fresh[i]);
    }
    List<double[]> mapped = new ArrayList<>();
    for (double[] symbol : symbols) {
      mapped.add(symbol.length == 0 ? ZERO : times(symbol, factor));
    }
    while (mapped.size() < firstSymbol) {
      mapped.add(ZERO);
    }
    for (int i = 0; i < fresh.length; i++) {
      if (fresh[i] > 0) {
        double[] own = new double[size()];
        own[i] = fresh[i];
        mapped.add(own);
      }
    }
    return new AffineForm(c, mapped, r);
  }

  private static double[] times(double[] values, double[] factor) {
    double[] product = new double[values.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = values[i] * factor[i];
    }
    return product;
  }

  /** This form with at most so many symbols: the smallest become part of the radius. */
  AffineForm capped(int most) {
    List<Integer> used = new ArrayList<>();
    for (int k = 0; k < symbols.size(); k++) {
      if (symbols.get(k).length > 0) {
        used.add(k);
      }
    }
    if (used.size() <= most) {
      return this;
    }
    used.sort(Comparator.comparingDouble(k -> Arrays.stream(symbols.get(k)).map(Math::abs).sum()));
    List<double[]> kept = new ArrayList<>(symbols);
    double[] r = radius.clone();
    for (int k : used.subList(0, used.size() - most)) {
      double[] symbol = symbols.get(k);
      for (int i = 0; i < r.length; i++) {
        r[i] += Math.abs(symbol[i]) * (1 + SLACK);
      }
      kept.set(k, ZERO);
    }
    return new AffineForm(center, kept, r);
  }

  /** How far the difference of two elements can be from that of their centres. */
  double reachOfDifference(int i, int j) {
    double reach = radius[i] + radius[j];
    for (double[] symbol : symbols) {
      reach += symbol.length == 0 ? 0 : Math.abs(symbol[i] - symbol[j]);
    }
    return reach * (1 + SLACK) + SLACK * (Math.abs(center[i]) + Math.abs(center[j]));
  }
}
