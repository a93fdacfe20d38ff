package dev.fixpoint.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.testing.CaseFile.Fires;
import dev.fixpoint.testing.CaseFile.Unchanged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseFileTest {
  @Test
  void casesHaveTitlesGraphsAndReasons() {
    CaseFile file =
        CaseFile.parse(
            "R.case",
            """
            # fires
            before:
              a

              b
            after:
              c
            # does not fire: so
            unchanged:
              d
            reason: because
            unchanged:
              e
            """);

    assertThat(file.cases())
        .containsExactly(
            new Fires("fires", "\n\n  a\n\n  b\n", "\n\n\n\n\n\n  c\n"),
            new Unchanged("does not fire: so", "\n".repeat(9) + "  d\n", "because"),
            new Unchanged("", "\n".repeat(12) + "  e\n", ""));
  }

  @Test
  void aGraphIsReportedWhereItStandsInTheFile() {
    CaseFile file = CaseFile.parse("R.case", "# one\nunchanged:\n  g (x) => (y) { y = }\n");

    assertThatThrownBy(() -> GraphTemplate.parse("R.case", file.cases().getFirst().before()))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("R.case:3:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          before:;  a;unchanged:;  b | R.case:3:1: found 'unchanged:', expected 'after:'
          before:;  a                | R.case:3:1: found the end, expected 'after:'
          after:;  a                 | R.case:1:1: found 'after:', expected 'before:' or 'unchanged:'
          """)
  void aFileWithoutOrderIsRefused(String text, String message) {
    assertThatThrownBy(() -> CaseFile.parse("R.case", text.replace(';', '\n')))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }
}
