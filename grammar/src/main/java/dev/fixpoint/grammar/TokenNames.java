package dev.fixpoint.grammar;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.antlr.v4.runtime.Vocabulary;

/**
 * The words for rules and tokens in messages.
 *
 * @param vocabulary the tokens of the parser
 * @param rules what a rule is called, by its index; absent where its first tokens say more
 * @param isName whether a token type may be a name
 */
record TokenNames(Vocabulary vocabulary, Map<Integer, String> rules, IntPredicate isName) {

  private static final String NAME = "a name";
  private static final String NUMBER = "a number";
  private static final String OPERATION = "an operation";
  private static final String NO_COMPARISON = "an operation other than a comparison";

  private static final Map<String, String> WORDS =
      Map.of(
          "BRACED_LITERALS", "literals in braces",
          "BRACKETED_LITERALS", "literals in brackets",
          "EOF", "the end of the text",
          "FLOAT", NUMBER,
          "ID", NAME,
          "INT", "an integer",
          "PRIM_TYPE", "an element type",
          "QUOTED", "a quoted string");

  /** Spellings of numbers that "a number" includes. */
  private static final Set<String> NUMBERS = Set.of("INT", "NON_FINITE", "NEGATIVE_NON_FINITE");

  /** What may follow an operand where a product may. */
  private static final Set<String> OPERATIONS =
      Set.of(
          "TIMES",
          "DIVIDE",
          "MODULO",
          "PLUS",
          "MINUS",
          "EQUAL",
          "NOT_EQUAL",
          "LESS",
          "LESS_OR_EQUAL",
          "GREATER",
          "GREATER_OR_EQUAL",
          "AND",
          "OR");

  /** Words for a set of token types, in the order given, with one word for those of a kind. */
  List<String> of(Set<Integer> types) {
    boolean anyNumber = contains(types, "FLOAT");
    boolean anyName = contains(types, "ID");
    boolean anyOperation = contains(types, "TIMES");
    var words = new LinkedHashSet<String>();
    for (int type : types) {
      String symbol = symbol(type);
      if (anyNumber && NUMBERS.contains(symbol)) {
        words.add(NUMBER);
      } else if (anyName && isName.test(type)) {
        words.add(NAME);
      } else if (anyOperation && OPERATIONS.contains(symbol)) {
        words.add(contains(types, "EQUAL") ? OPERATION : NO_COMPARISON);
      } else {
        words.add(WORDS.getOrDefault(symbol, vocabulary.getDisplayName(type)));
      }
    }
    return List.copyOf(words);
  }

  private boolean contains(Set<Integer> types, String symbol) {
    return types.stream().anyMatch(type -> symbol.equals(symbol(type)));
  }

  private String symbol(int type) {
    return Objects.requireNonNullElse(vocabulary.getSymbolicName(type), "");
  }
}
