package dev.fixpoint.op;

import dev.fixpoint.tensor.Dimension;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A known integer: {@code constant + Σ coefficient · symbol} over symbolic dimensions.
 *
 * @param constant the part without symbols
 * @param terms coefficient by symbol, none of them 0, in the order of the names
 */
public record Affine(long constant, Map<String, Long> terms) {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern SYMBOL = Pattern.compile("[^-0-9 *+()][^ *+()]*");
  private static final Pattern TERM =
      Pattern.compile("(?:(" + NUMBER + ")\\*)?(?:(" + SYMBOL + ")|\\(([^()]+)\\))");

  /** Drops terms with coefficient 0. */
  public Affine {
    TreeMap<String, Long> sorted = new TreeMap<>(terms);
    sorted.values().removeIf(coefficient -> coefficient == 0);
    terms = Collections.unmodifiableSortedMap(sorted);
  }

  /** A plain number. */
  public static Affine of(long constant) {
    return new Affine(constant, Map.of());
  }

  /**
   * A symbol, or the expression that the name of a dimension spells in the form of {@link
   * #toString}, so that {@code 2*N} is twice {@code N}, whoever named it.
   */
  public static Affine of(String name) {
    Affine sum = of(0);
    for (String part : name.split(" \\+ ", -1)) {
      Matcher term = TERM.matcher(part);
      if (term.matches()) {
        String symbol = term.group(2) == null ? term.group(3) : term.group(2);
        long factor = term.group(1) == null ? 1 : Long.parseLong(term.group(1));
        sum = sum.plus(symbol(symbol).times(factor));
      } else if (NUMBER.matcher(part).matches() && !sum.isConstant()) {
        sum = sum.plus(of(Long.parseLong(part)));
      } else {
        return symbol(name);
      }
    }
    return sum;
  }

  private static Affine symbol(String name) {
    return new Affine(0, Map.of(name, 1L));
  }

  /** Whether this is a plain number. */
  public boolean isConstant() {
    return terms.isEmpty();
  }

  /** The sum. */
  public Affine plus(Affine other) {
    TreeMap<String, Long> sum = new TreeMap<>(terms);
    other.terms.forEach((symbol, coefficient) -> sum.merge(symbol, coefficient, Math::addExact));
    return new Affine(Math.addExact(constant, other.constant), sum);
  }

  /** The product with a number. */
  public Affine times(long factor) {
    TreeMap<String, Long> product = new TreeMap<>();
    terms.forEach((symbol, c) -> product.put(symbol, Math.multiplyExact(c, factor)));
    return new Affine(Math.multiplyExact(constant, factor), product);
  }

  /** The dimension of this size; a symbolic one is named by the expression. */
  public Dimension dimension() {
    return isConstant() ? Dimension.of(constant) : Dimension.of(toString());
  }

  /** Such as {@code 2*N + 1}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    terms.forEach(
        (symbol, c) ->
            text.append(text.isEmpty() ? "" : " + ")
                .append(c == 1 ? symbol : c + "*" + factor(symbol)));
    if (constant != 0 || text.isEmpty()) {
      text.append(text.isEmpty() ? "" : " + ").append(constant);
    }
    return text.toString();
  }

  /** Keeps the multiple of a sum from reading like a sum with a multiple in it. */
  private static String factor(String symbol) {
    return SYMBOL.matcher(symbol).matches() ? symbol : "(" + symbol + ")";
  }
}
