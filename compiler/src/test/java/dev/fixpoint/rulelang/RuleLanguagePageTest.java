package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.RuleTester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference of the rule language: its rules keep their promises, and its lists are complete.
 */
class RuleLanguagePageTest {
  private static final Path PAGE = Path.of("../docs/rule-language.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```rules$\\R(.*?)^```$");
  private static final int GRAPHS = 20;

  static List<RewriteRule> rules() throws IOException {
    List<RewriteRule> rules = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    while (block.find()) {
      rules.addAll(RuleLoader.STANDARD.load(PAGE.toString(), block.group(1)).rules());
    }
    return rules;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleOfThePageKeepsItsPromise(RewriteRule rule) {
    RuleTester.of(rule).check(GRAPHS);
  }

  @Test
  void thePageHasManyRules() throws IOException {
    assertThat(rules()).hasSizeGreaterThan(12);
  }

  @Test
  void everyConditionAndFunctionIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    var names = new TreeSet<String>();
    names.addAll(ConditionLibrary.standard().names());
    names.addAll(NativeLibrary.standard().names());
    names.addAll(ValueFunction.names());
    names.addAll(RangeFunction.names());

    assertThat(names).allSatisfy(name -> assertThat(page).contains("`" + name + "("));
  }
}
