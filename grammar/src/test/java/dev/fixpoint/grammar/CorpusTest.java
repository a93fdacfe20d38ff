package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file under {@code valid} is understood; every file under {@code invalid} is refused with
 * the message in its first line, {@code # expected: line:column: problem}.
 */
class CorpusTest {

  private static final String EXPECTED = "# expected: ";

  @Test
  void corpusIsThere() {
    assertThat(Corpus.files("onnx/valid")).hasSizeGreaterThanOrEqualTo(27);
    assertThat(Corpus.files("onnx/invalid")).hasSizeGreaterThanOrEqualTo(88);
    assertThat(Corpus.files("rule/valid")).hasSizeGreaterThanOrEqualTo(10);
    assertThat(Corpus.files("rule/invalid")).hasSizeGreaterThanOrEqualTo(57);
  }

  @TestFactory
  Stream<DynamicTest> validTextIsUnderstoodWhateverItsBlanks() {
    return Stream.of("onnx/valid", "rule/valid")
        .flatMap(folder -> Corpus.files(folder).stream())
        .map(file -> DynamicTest.dynamicTest(name(file), () -> understoodWhateverItsBlanks(file)));
  }

  private static void understoodWhateverItsBlanks(Path file) {
    SourceText source = Corpus.read(file);
    ParserRuleContext tree = Corpus.parse(source);
    SourceText words = new SourceText(source.name(), Trees.words(tree, source));

    ParserRuleContext again = Corpus.parse(words);

    assertThat(Trees.words(again, words)).isEqualTo(words.text());
    assertThat(Trees.structure(again)).isEqualTo(Trees.structure(tree));
  }

  @TestFactory
  Stream<DynamicTest> invalidTextIsRefusedWithItsMessage() {
    return Stream.of("onnx/invalid", "rule/invalid")
        .flatMap(folder -> Corpus.files(folder).stream())
        .map(file -> DynamicTest.dynamicTest(name(file), () -> refusedWithItsMessage(file)));
  }

  private static void refusedWithItsMessage(Path file) {
    SourceText source = Corpus.read(file);
    String first = source.text().lines().findFirst().orElseThrow();
    assertThat(first).startsWith(EXPECTED);

    var refusal = catchThrowableOfType(SyntaxException.class, () -> Corpus.parse(source));

    assertThat(refusal).isNotNull();
    assertThat(refusal).hasMessage(source.name() + ":" + first.substring(EXPECTED.length()));
  }

  private static String name(Path file) {
    return file.getParent().getParent().getFileName() + "/" + file.getFileName();
  }
}
