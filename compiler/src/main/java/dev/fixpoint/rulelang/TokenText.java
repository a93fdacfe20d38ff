package dev.fixpoint.rulelang;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** A part of a rule's text on one line, without comments and with the usual blanks. */
final class TokenText {
  private TokenText() {}

  /** The text of a part of a parse tree. */
  static String of(ParserRuleContext part) {
    List<String> tokens = new ArrayList<>();
    collect(part, tokens);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      if (i > 0 && isApart(tokens, i)) {
        text.append(' ');
      }
      text.append(tokens.get(i));
    }
    return text.toString();
  }

  private static void collect(ParseTree tree, List<String> tokens) {
    if (tree instanceof TerminalNode terminal) {
      tokens.add(terminal.getText());
    }
    for (int i = 0; i < tree.getChildCount(); i++) {
      collect(tree.getChild(i), tokens);
    }
  }

  private static boolean isApart(List<String> tokens, int index) {
    String before = tokens.get(index - 1);
    String after = tokens.get(index);
    if (List.of(",", ")", "]", "?", "...", ".", ":").contains(after)
        || List.of("(", "[", ".", ":").contains(before)) {
      return false;
    }
    boolean call = after.equals("(") && (isWord(before) || before.endsWith("\""));
    boolean sign = before.equals("-") && (index < 2 || !isOperandEnd(tokens.get(index - 2)));
    return !call && !sign && !(after.equals("[") && isWord(before));
  }

  private static boolean isOperandEnd(String token) {
    return isWord(token)
        || token.equals(")")
        || token.equals("]")
        || token.endsWith("\"")
        || token.endsWith("}");
  }

  private static boolean isWord(String token) {
    char last = token.charAt(token.length() - 1);
    return (Character.isLetterOrDigit(last) || last == '_' || last == '.')
        && !List.of("and", "or", "not").contains(token);
  }
}
