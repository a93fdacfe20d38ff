package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.RuleReport;
import dev.fixpoint.testing.RuleTable;
import dev.fixpoint.testing.RuleTester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every rule of the catalogue to its promises on graphs that are made from the rule alone:
 * two for each of {@code fixpoint.tries}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GeneratedRulesTest {
  private static final int USUAL_TRIES = 100;
  private static final int TRIES = Integer.getInteger("fixpoint.tries", USUAL_TRIES);
  private static final Path PAGE = page();
  private static final Map<RewriteRule, RuleReport> REPORTS = new ConcurrentHashMap<>();

  static Stream<RewriteRule> rules() {
    return StandardRules.all().rules().stream();
  }

  private static RuleReport report(RewriteRule rule) {
    return REPORTS.computeIfAbsent(rule, r -> RuleTester.of(r).report(2 * TRIES));
  }

  @ParameterizedTest
  @MethodSource("rules")
  @Order(1)
  void aRuleKeepsItsPromisesAndNeedsEveryCondition(RewriteRule rule) {
    RuleReport report = report(rule).requireFlawless();
    assertThat(report.graphs()).isEqualTo(2 * TRIES);
  }

  /** {@code -Dfixpoint.write=true} writes the page instead. */
  @Test
  @Order(2)
  void thePageOnRulesSaysWhatWasObserved() throws IOException {
    if (TRIES != USUAL_TRIES) {
      return;
    }
    List<RuleReport> reports = rules().map(GeneratedRulesTest::report).toList();
    String page = RuleTable.page(reports);
    if (Boolean.getBoolean("fixpoint.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).content().isEqualTo(page);
  }

  private static Path page() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("docs"))) {
      folder = folder.getParent();
    }
    return Path.of(String.valueOf(folder)).resolve("docs").resolve("rules.md");
  }
}
