package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTextTest {

  private static SourceText read(byte... bytes) throws IOException {
    return SourceText.read("t", new ByteArrayInputStream(bytes));
  }

  @Test
  void fileIsReadAsUtf8UnderItsName(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("größe.onnxtxt"), "größe 図 🎉\n");

    SourceText source = SourceText.read(file);

    assertThat(source).isEqualTo(new SourceText("größe.onnxtxt", "größe 図 🎉\n"));
  }

  @Test
  void byteOrderMarkIsNoPartOfTheText() throws IOException {
    byte[] bytes = "\uFEFFg () => ()".getBytes(StandardCharsets.UTF_8);

    assertThat(read(bytes).text()).isEqualTo("g () => ()");
    assertThatThrownBy(() -> OnnxTextParsing.parseModel(read(bytes)))
        .hasMessage("t:1:11: found the end of the text, expected '<' or '{'");
  }

  @Test
  void bytesThatAreNotUtf8AreReportedAtTheirPlace() {
    assertThatThrownBy(() -> read((byte) 'a', (byte) '\n', (byte) 0xC3, (byte) 0xB6, (byte) 0xFF))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("t:2:2: found the byte 0xFF, expected UTF-8");
  }

  @Test
  void cutCharacterIsNotUtf8() {
    assertThatThrownBy(() -> read((byte) 'a', (byte) 0xE5, (byte) 0x9B))
        .hasMessage("t:1:2: found the byte 0xE5, expected UTF-8");
  }

  @Test
  void malformedByteFarFromTheBeginningIsFound() {
    byte[] bytes = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    bytes[99_998] = '\n';
    bytes[99_999] = (byte) 0x80;

    assertThatThrownBy(() -> read(bytes)).hasMessage("t:2:1: found the byte 0x80, expected UTF-8");
  }

  @Test
  void replacementCharacterItselfIsAllowed() throws IOException {
    assertThat(read("a\uFFFDb".getBytes(StandardCharsets.UTF_8)).text()).isEqualTo("a\uFFFDb");
  }
}
