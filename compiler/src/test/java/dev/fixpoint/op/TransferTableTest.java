package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transfer table of docs/error-bounds.md against the catalogues. */
class TransferTableTest {
  private static final Path PAGE = Path.of("..", "docs", "error-bounds.md");

  /** The operators of the table, row by row. */
  private static List<String> listed() throws IOException {
    String page = Files.readString(PAGE);
    String table = page.substring(page.indexOf("## Transfer table"), page.indexOf("## Overflow"));
    List<String> names = new ArrayList<>();
    for (String line : table.lines().toList()) {
      if (line.startsWith("| ") && !line.startsWith("| operators")) {
        names.addAll(List.of(line.split("\\|", -1)[1].strip().split(", ")));
      }
    }
    return names;
  }

  @Test
  void everyOperatorHasOneRow() throws IOException {
    List<String> known = CatalogueTest.operators().map(op -> op.id().name()).distinct().toList();

    assertThat(listed()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(known);
  }
}
