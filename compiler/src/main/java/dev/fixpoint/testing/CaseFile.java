package dev.fixpoint.testing;

import dev.fixpoint.grammar.SourceText;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.ir.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cases of a rule in a file:
 *
 * <pre>
 * # fires
 * before:
 *   g (float[N] x) => (float[N] y) { t = Identity(x)  y = Relu(t) }
 * after:
 *   g (float[N] x) => (float[N] y) { y = Relu(x) }
 * # does not fire: an output
 * unchanged:
 *   g (float[N] x) => (float[N] y) { y = Identity(x) }
 * reason: its output is only read by nodes
 * </pre>
 *
 * <p>Sections begin at the first column, their graphs ({@link GraphTemplate}) stand indented below.
 * The comment before a section is the title of the case.
 *
 * @param name name of the file
 * @param cases the cases in order
 */
public record CaseFile(String name, List<Case> cases) {
  /** Keeps an immutable copy. */
  public CaseFile {
    cases = List.copyOf(cases);
  }

  /** One case. */
  public sealed interface Case {
    /** The comment before it; may be empty. */
    String title();

    /** The graph that the rule is tried on, after as many line breaks as stand before it. */
    String before();
  }

  /**
   * The rule fires.
   *
   * @param after what becomes of the graph
   */
  public record Fires(String title, String before, String after) implements Case {}

  /**
   * The rule does not fire.
   *
   * @param reason part of the reason that it gives; empty where any will do
   */
  public record Unchanged(String title, String before, String reason) implements Case {}

  /**
   * Reads a file in UTF-8.
   *
   * @throws IOException if the stream cannot be read
   * @throws ModelException if it is no case file; the message begins with the place
   */
  public static CaseFile read(String name, InputStream stream) throws IOException {
    try {
      return parse(name, SourceText.read(name, stream).text());
    } catch (SyntaxException e) {
      throw new ModelException(e.range() + ": " + e.problem(), e);
    }
  }

  /**
   * The cases of a text.
   *
   * @throws ModelException if it is no case file; the message begins with the place
   */
  public static CaseFile parse(String name, String text) {
    return new CaseFile(name, new Reader(name, text.lines().toList()).cases());
  }

  /** Goes over the lines once. */
  private static final class Reader {
    private final String name;
    private final List<String> lines;
    private final List<Case> cases = new ArrayList<>();
    private int at;

    private Reader(String name, List<String> lines) {
      this.name = name;
      this.lines = lines;
    }

    private List<Case> cases() {
      String title = "";
      while (at < lines.size()) {
        String line = lines.get(at);
        if (line.isBlank()) {
          at++;
        } else if (line.startsWith("#")) {
          title = line.substring(1).strip();
          at++;
        } else {
          cases.add(next(title));
          title = "";
        }
      }
      return cases;
    }

    private Case next(String title) {
      String before = block("before:");
      if (before != null) {
        String after = block("after:");
        if (after == null) {
          throw expected("'after:'");
        }
        return new Fires(title, before, after);
      }
      String unchanged = block("unchanged:");
      if (unchanged == null) {
        throw expected("'before:' or 'unchanged:'");
      }
      return new Unchanged(title, unchanged, reason());
    }

    private String reason() {
      String key = "reason:";
      if (at == lines.size() || !lines.get(at).startsWith(key)) {
        return "";
      }
      return lines.get(at++).substring(key.length()).strip();
    }

    /** The indented lines below a key; null where another line stands. */
    private @Nullable String block(String key) {
      if (at == lines.size() || !lines.get(at).strip().equals(key)) {
        return null;
      }
      at++;
      StringBuilder text = new StringBuilder("\n".repeat(at));
      while (at < lines.size() && isInside(lines.get(at))) {
        text.append(lines.get(at++)).append('\n');
      }
      return text.toString();
    }

    private static boolean isInside(String line) {
      return line.isBlank() || Character.isWhitespace(line.charAt(0));
    }

    private ModelException expected(String what) {
      String found = at == lines.size() ? "the end" : "'" + lines.get(at).strip() + "'";
      return new ModelException(
          name + ":" + (at + 1) + ":1: found " + found + ", expected " + what);
    }
  }
}
