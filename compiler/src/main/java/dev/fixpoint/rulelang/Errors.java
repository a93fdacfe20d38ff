package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.SyntaxException;
import java.util.Collection;
import org.antlr.v4.runtime.ParserRuleContext;

/** The errors of a loader: what was found where, and what was expected. */
final class Errors {
  private Errors() {}

  /** An error at a part of the text. */
  static SyntaxException at(ParserRuleContext place, String problem) {
    return at(SourceRange.of(place), problem);
  }

  /** An error at a place. */
  static SyntaxException at(SourceRange place, String problem) {
    return new SyntaxException(place, problem);
  }

  /** A name that does not exist, with those that come nearest. */
  static SyntaxException unknown(
      SourceRange place, String what, String wrong, Collection<String> names) {
    return at(
        place,
        "found " + shown(wrong) + ", expected " + what + ": " + Suggestions.nearest(wrong, names));
  }

  /** A name in quotes, cut where it is long. */
  static String shown(String text) {
    return text.length() <= 40 ? "'" + text + "'" : "'" + text.substring(0, 40) + "…'";
  }
}
