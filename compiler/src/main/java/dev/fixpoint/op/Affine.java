package dev.fixpoint.op;

import dev.fixpoint.tensor.Dimension;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A known integer: {@code constant + Σ coefficient · symbol} over symbolic dimensions.
 *
 * @param constant the part without symbols
 * @param terms coefficient by symbol, none of them 0, in the order of the names
 */
public record Affine(long constant, Map<String, Long> terms) {
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

  /** A symbol. */
  public static Affine of(String symbol) {
    return new Affine(0, Map.of(symbol, 1L));
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
    return symbol.chars().allMatch(Character::isJavaIdentifierPart) ? symbol : "(" + symbol + ")";
  }
}
