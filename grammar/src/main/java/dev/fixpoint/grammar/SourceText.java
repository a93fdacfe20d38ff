package dev.fixpoint.grammar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text with the name under which errors report it. A text from within a larger file that begins
 * with as many line breaks as stand before it there reports the lines of that file.
 *
 * @param name as a rule a file name
 * @param text the characters, without a byte order mark
 */
public record SourceText(String name, String text) {

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  /** Drops a byte order mark at the beginning. */
  public SourceText {
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
  }

  /**
   * The text of a file in UTF-8, named after the file.
   *
   * @throws SyntaxException if the file is not UTF-8 or longer than 2^30 bytes
   */
  public static SourceText read(Path file) throws IOException {
    Path fileName = file.getFileName();
    try (InputStream in = Files.newInputStream(file)) {
      return read(fileName == null ? file.toString() : fileName.toString(), in);
    }
  }

  /**
   * The rest of a stream in UTF-8. The stream stays open.
   *
   * @throws SyntaxException if it is not UTF-8 or longer than 2^30 bytes
   */
  public static SourceText read(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(Limits.TEXT);
    if (bytes.length == Limits.TEXT && in.read() >= 0) {
      throw new SyntaxException(
          new SourceRange(name, 1, 1, 0, 0),
          "found more than %,d bytes, expected a shorter text: keep large tensors in external data"
              .formatted(Limits.TEXT));
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      requireWellFormed(name, bytes);
    }
    return new SourceText(name, text);
  }

  private static void requireWellFormed(String name, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(8192);
    while (true) {
      var result = decoder.decode(in, out.clear(), true);
      if (result.isError()) {
        throw malformed(name, bytes, in.position());
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private static SyntaxException malformed(String name, byte[] bytes, int position) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (bytes[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    String before = new String(bytes, lineStart, position - lineStart, StandardCharsets.UTF_8);
    return new SyntaxException(
        new SourceRange(name, line, before.length() + 1, position, position),
        "found the byte 0x%02X, expected UTF-8".formatted(bytes[position]));
  }

  /** The range between two offsets, whose line and column are those of the first. */
  SourceRange range(int start, int end) {
    int line = 1;
    for (int i = text.indexOf('\n'); i >= 0 && i < start; i = text.indexOf('\n', i + 1)) {
      line++;
    }
    int lineStart = start == 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
    return new SourceRange(name, line, start - lineStart + 1, start, end);
  }
}
