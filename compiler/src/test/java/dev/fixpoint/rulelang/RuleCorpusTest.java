package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.rewrite.RewriteRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus of rule files: valid ones are loaded, printed and loaded again; the first line of an
 * invalid one says the error that it gives.
 */
class RuleCorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/dev/fixpoint/rulelang");
  private static final String EXPECTED = "# expected: ";

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  static List<Path> valid() throws IOException {
    return files("valid");
  }

  static List<Path> invalid() throws IOException {
    return files("invalid");
  }

  @Test
  void theCorpusIsNotEmpty() throws IOException {
    assertThat(valid()).hasSizeGreaterThan(2);
    assertThat(invalid()).hasSizeGreaterThan(90);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void invalidFileIsRefusedWithPlaceAndMend(Path file) throws IOException {
    String first = Files.readAllLines(file).getFirst();
    assertThat(first).startsWith(EXPECTED);

    assertThatThrownBy(() -> RuleLoader.STANDARD.load(file))
        .isInstanceOf(SyntaxException.class)
        .hasMessage(file.getFileName() + ":" + first.substring(EXPECTED.length()));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void validFileIsLoadedAndPrintedAndLoadedAgain(Path file) {
    for (RewriteRule rule : RuleLoader.STANDARD.load(file).rules()) {
      String printed = RulePrinter.print(rule);
      RewriteRule again = RuleLoader.STANDARD.load("printed.rules", printed).rules().getFirst();

      assertThat(RulePrinter.print(again)).isEqualTo(printed);
      assertThat(again.name()).isEqualTo(rule.name());
      assertThat(again.doc()).isEqualTo(rule.doc());
      assertThat(again.benefit()).isEqualTo(rule.benefit());
      assertThat(again.contract().text()).isEqualTo(rule.contract().text());
      assertThat(RulePrinter.print(again.pattern())).isEqualTo(RulePrinter.print(rule.pattern()));
      assertThat(texts(again)).isEqualTo(texts(rule));
    }
  }

  private static List<String> texts(RewriteRule rule) {
    return rule.conditions().stream().map(Object::toString).toList();
  }
}
