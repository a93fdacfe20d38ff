package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.CaseFile;
import dev.fixpoint.testing.CaseFile.Fires;
import dev.fixpoint.testing.CaseFile.Unchanged;
import dev.fixpoint.testing.RuleTester;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every rule of the catalogue to the cases in the file of its name. */
class RuleContractTest {
  private static final String FOLDER = "/dev/fixpoint/rules/";

  static List<RewriteRule> rules() {
    return StandardRules.all().rules();
  }

  private static String fileName(RewriteRule rule) {
    return Arrays.stream(rule.name().split("-"))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining("", "", ".case"));
  }

  private static CaseFile cases(RewriteRule rule) throws IOException {
    String name = fileName(rule);
    try (InputStream stream = RuleContractTest.class.getResourceAsStream(FOLDER + name)) {
      assertThat(stream).as("case file %s of rule %s", name, rule).isNotNull();
      return CaseFile.read(name, stream);
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleKeepsItsContractOnItsCases(RewriteRule rule, TestReporter reporter) throws IOException {
    RuleTester tester = RuleTester.of(rule);
    for (CaseFile.Case one : cases(rule).cases()) {
      RuleTester.On on = tester.on(fileName(rule), one.before());
      switch (one) {
        case Fires fires -> {
          RuleTester.Report report = on.becomes(fires.after());
          reporter.publishEntry(
              rule + ", " + one.title(),
              "%.3g of the bound in %d draws".formatted(report.ratio(), report.draws()));
        }
        case Unchanged unchanged -> on.isRefused(unchanged.reason());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleHasCasesWhereItFiresAndWhereItDoesNot(RewriteRule rule) throws IOException {
    List<CaseFile.Case> cases = cases(rule).cases();

    assertThat(cases).hasAtLeastOneElementOfType(Fires.class);
    assertThat(cases)
        .hasAtLeastOneElementOfType(Unchanged.class)
        .allSatisfy(one -> assertThat(one.title()).isNotEmpty())
        .filteredOn(one -> one instanceof Unchanged)
        .allSatisfy(one -> assertThat(((Unchanged) one).reason()).isNotEmpty());
  }

  @Test
  void theCatalogueIsNotEmpty() {
    assertThat(rules()).hasSizeGreaterThan(5);
  }
}
