package dev.fixpoint.rulelang;

import java.util.List;

/**
 * The clauses of a rule as they were written, each on one line but for the nodes of pattern and
 * replacement.
 *
 * @param opset the clause with the versions of operator sets, or empty
 * @param match the nodes of the pattern
 * @param steps the clauses {@code where} and {@code let} in their order
 * @param replace the clause {@code replace}, by line
 * @param within the contract
 */
record RuleText(
    String opset, List<String> match, List<String> steps, List<String> replace, String within) {
  RuleText {
    match = List.copyOf(match);
    steps = List.copyOf(steps);
    replace = List.copyOf(replace);
  }
}
