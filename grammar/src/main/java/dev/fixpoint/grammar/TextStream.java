package dev.fixpoint.grammar;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * The characters of a text as ANTLR's lexers want them, without a copy.
 *
 * <p>A lexer keeps its tables for ASCII only and simulates its automaton anew on every other
 * character. No rule of ours tells one of those from another, so all of them look like DEL here: a
 * string in Greek is read as fast as one in Latin. {@link #getText} returns what is really there.
 */
final class TextStream implements CharStream {

  private static final int DEL = 0x7F;

  private final SourceText source;
  private final String text;
  private int index;

  TextStream(SourceText source) {
    this.source = source;
    this.text = source.text();
  }

  SourceText source() {
    return source;
  }

  @Override
  public void consume() {
    if (index == text.length()) {
      throw new IllegalStateException("cannot consume the end of the text");
    }
    index++;
  }

  @Override
  public int LA(int offset) {
    int position = offset > 0 ? index + offset - 1 : index + offset;
    if (offset == 0 || position < 0) {
      return 0;
    }
    if (position >= text.length()) {
      return IntStream.EOF;
    }
    return Math.min(text.charAt(position), DEL);
  }

  @Override
  public int mark() {
    return -1;
  }

  @Override
  public void release(int marker) {
    // The whole text is there: nothing was kept for the marker.
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public void seek(int index) {
    this.index = Math.min(index, text.length());
  }

  @Override
  public int size() {
    return text.length();
  }

  @Override
  public String getSourceName() {
    return source.name();
  }

  @Override
  public String getText(Interval interval) {
    int from = Math.min(interval.a, text.length());
    return text.substring(from, Math.max(from, Math.min(interval.b + 1, text.length())));
  }

  @Override
  public String toString() {
    return text;
  }
}
