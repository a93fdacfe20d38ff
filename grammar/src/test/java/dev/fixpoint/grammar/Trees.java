package dev.fixpoint.grammar;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Parse trees as text, for comparisons. */
final class Trees {

  private Trees() {}

  /** The words of a tree with one blank where its text has blanks or comments. */
  static String words(ParserRuleContext tree, SourceText source) {
    var words = new StringBuilder();
    appendWords(tree, source, words, new int[] {0});
    return words.toString();
  }

  private static void appendWords(
      ParseTree tree, SourceText source, StringBuilder words, int[] end) {
    if (tree instanceof TerminalNode leaf) {
      if (leaf.getSymbol().getType() == Token.EOF) {
        return;
      }
      SourceRange range = SourceRange.of(leaf.getSymbol());
      words.append(range.start() == end[0] ? "" : " ");
      words.append(source.text(), range.start(), range.end());
      end[0] = range.end();
    }
    for (int i = 0; i < tree.getChildCount(); i++) {
      appendWords(tree.getChild(i), source, words, end);
    }
  }

  /** The rules and words of a tree in nested parentheses, without places, blanks and comments. */
  static String structure(ParseTree tree) {
    if (tree instanceof TerminalNode leaf) {
      return leaf.getSymbol() instanceof LiteralListToken token
          ? literals(token.literals())
          : leaf.getText();
    }
    var structure = new StringBuilder("(").append(tree.getClass().getSimpleName());
    for (int i = 0; i < tree.getChildCount(); i++) {
      structure.append(' ').append(structure(tree.getChild(i)));
    }
    return structure.append(')').toString();
  }

  private static String literals(LiteralList list) {
    return IntStream.range(0, list.size())
        .mapToObj(i -> list.literalAt(i).written())
        .collect(Collectors.joining(" ", "{", "}"));
  }

  /** How many nodes a tree has. */
  static int size(ParseTree tree) {
    int size = 1;
    for (int i = 0; i < tree.getChildCount(); i++) {
      size += size(tree.getChild(i));
    }
    return size;
  }
}
