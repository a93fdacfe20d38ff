package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser.AttrListContext;
import dev.fixpoint.grammar.RuleLanguageParser.PatternAttrListContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** A part of a rule's text on one line, without comments and with the usual blanks. */
final class TokenText {
  private static final Set<String> CLOSING = Set.of(",", ")", "]", "?", "...", ".", ":");
  private static final Set<String> OPENING = Set.of("(", "[", ".", ":");
  private static final Set<String> LOGIC = Set.of("and", "or", "not");

  private TokenText() {}

  /**
   * A word with what stands around it.
   *
   * @param bracket whether it opens or closes a list of attributes
   */
  private record Word(String text, boolean bracket) {}

  /** The text of a part of a parse tree. */
  static String of(ParserRuleContext part) {
    List<Word> words = new ArrayList<>();
    collect(part, words);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      if (i > 0 && isApart(words, i)) {
        text.append(' ');
      }
      text.append(words.get(i).text);
    }
    return text.toString();
  }

  private static void collect(ParseTree tree, List<Word> words) {
    if (tree instanceof TerminalNode terminal) {
      boolean attributes =
          terminal.getParent() instanceof AttrListContext
              || terminal.getParent() instanceof PatternAttrListContext;
      words.add(new Word(terminal.getText(), attributes && !terminal.getText().equals(",")));
    }
    for (int i = 0; i < tree.getChildCount(); i++) {
      collect(tree.getChild(i), words);
    }
  }

  private static boolean isApart(List<Word> words, int index) {
    Word before = words.get(index - 1);
    Word after = words.get(index);
    if (before.bracket && before.text.equals("<") || after.bracket && after.text.equals(">")) {
      return false;
    }
    if (CLOSING.contains(after.text)) {
      return before.text.equals(",");
    }
    if (OPENING.contains(before.text)) {
      return false;
    }
    boolean call = after.text.equals("(") && (isName(before) || before.text.endsWith("\""));
    boolean sign = before.text.equals("-") && (index < 2 || !endsOperand(words.get(index - 2)));
    return !call && !sign && !(after.text.equals("[") && isElementType(words, index));
  }

  /** {@code float[2]} is one type; {@code = [2]} and {@code and [2]} are not. */
  private static boolean isElementType(List<Word> words, int index) {
    return isName(words.get(index - 1));
  }

  private static boolean endsOperand(Word word) {
    char last = word.text.charAt(word.text.length() - 1);
    return isName(word) || last == ')' || last == ']' || last == '"' || last == '}';
  }

  private static boolean isName(Word word) {
    char last = word.text.charAt(word.text.length() - 1);
    return (Character.isLetterOrDigit(last) || last == '_' || last == '.')
        && !LOGIC.contains(word.text);
  }
}
