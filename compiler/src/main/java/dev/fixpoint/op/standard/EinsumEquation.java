package dev.fixpoint.op.standard;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An Einsum equation with its operands' ranks: one label for each axis. The axes of an ellipsis are
 * labels of their own, digits counted from the last one, which broadcast.
 *
 * @param operands labels of each operand
 * @param result labels of the result
 */
record EinsumEquation(List<List<Character>> operands, List<Character> result) {
  private static final String ELLIPSIS = "...";

  /** Most axes of an ellipsis, each a digit. */
  private static final int MAX_BROADCAST = 10;

  static EinsumEquation of(String equation, List<Shape> shapes) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] terms = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    if (terms.length != shapes.size()) {
      throw new IllegalArgumentException(
          "equation '" + equation + "' names " + terms.length + " of " + shapes.size() + " inputs");
    }
    List<List<Character>> operands = new ArrayList<>();
    int broadcast = 0;
    for (int i = 0; i < terms.length; i++) {
      int named = terms[i].replace(ELLIPSIS, "").length();
      int hidden = shapes.get(i).rank() - named;
      if (hidden < 0 || hidden > MAX_BROADCAST || (hidden > 0 && !terms[i].contains(ELLIPSIS))) {
        throw new IllegalArgumentException(
            "term '" + terms[i] + "' does not fit an input of shape " + shapes.get(i));
      }
      broadcast = Math.max(broadcast, hidden);
      operands.add(labels(terms[i], hidden));
    }
    List<Character> result =
        arrow < 0 ? implied(operands) : labels(text.substring(arrow + 2), broadcast);
    EinsumEquation parsed = new EinsumEquation(operands, result);
    parsed.check(equation);
    return parsed;
  }

  private static List<Character> labels(String term, int hidden) {
    List<Character> labels = new ArrayList<>();
    int at = term.indexOf(ELLIPSIS);
    String before = at < 0 ? term : term.substring(0, at);
    before.chars().forEach(c -> labels.add((char) c));
    for (int i = hidden - 1; at >= 0 && i >= 0; i--) {
      labels.add((char) ('0' + i));
    }
    if (at >= 0) {
      term.substring(at + ELLIPSIS.length()).chars().forEach(c -> labels.add((char) c));
    }
    return labels;
  }

  /** Without an arrow: the ellipsis, then all letters that occur once, in alphabetical order. */
  private static List<Character> implied(List<List<Character>> operands) {
    Map<Character, Integer> counts = new LinkedHashMap<>();
    operands.forEach(labels -> labels.forEach(label -> counts.merge(label, 1, Integer::sum)));
    List<Character> result = new ArrayList<>();
    counts.keySet().stream()
        .filter(Character::isDigit)
        .sorted((a, b) -> b - a)
        .forEach(result::add);
    counts.keySet().stream()
        .filter(label -> Character.isLetter(label) && counts.getOrDefault(label, 0) == 1)
        .sorted()
        .forEach(result::add);
    return result;
  }

  private void check(String equation) {
    Set<Character> known = new LinkedHashSet<>();
    operands.forEach(known::addAll);
    boolean sane =
        known.containsAll(result)
            && new LinkedHashSet<>(result).size() == result.size()
            && known.stream().allMatch(Character::isLetterOrDigit);
    if (!sane) {
      throw new IllegalArgumentException("'" + equation + "' is not an equation");
    }
  }

  /** All labels: those of the result first, then those that are summed over. */
  List<Character> labels() {
    Set<Character> all = new LinkedHashSet<>(result);
    operands.forEach(all::addAll);
    return List.copyOf(all);
  }

  /** The size of each label; only the axes of an ellipsis may have size 1 in some operands. */
  Map<Character, Dimension> sizes(List<Shape> shapes) {
    Map<Character, Dimension> sizes = new LinkedHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      for (int axis = 0; axis < operands.get(i).size(); axis++) {
        char label = operands.get(i).get(axis);
        Dimension here = shapes.get(i).dimension(axis);
        Dimension known = sizes.getOrDefault(label, Dimension.of(1));
        boolean first = !sizes.containsKey(label);
        if (first || (known.isSize(1) && Character.isDigit(label))) {
          sizes.put(label, here);
        } else if (!(here.isSize(1) && Character.isDigit(label))) {
          if (!known.isCompatibleWith(here)) {
            throw new IllegalArgumentException(
                "label '" + label + "' stands for " + known + " and for " + here);
          }
          sizes.put(label, known.refinedBy(here));
        }
      }
    }
    return sizes;
  }
}
