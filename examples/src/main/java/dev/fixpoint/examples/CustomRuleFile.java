package dev.fixpoint.examples;

import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.rulelang.RuleLibrary;
import dev.fixpoint.rulelang.RuleLoader;

/**
 * Rules of one's own as text: {@code rules/swish.rules} beside this class. Named in {@code
 * META-INF/services/dev.fixpoint.rulelang.RuleLibrary}, such a class is found by the command line
 * and by {@link RuleLibrary#installed}.
 */
public final class CustomRuleFile implements RuleLibrary {
  @Override
  public RuleSet rules() {
    return RuleLoader.STANDARD.load(CustomRuleFile.class, "rules/swish.rules");
  }
}
