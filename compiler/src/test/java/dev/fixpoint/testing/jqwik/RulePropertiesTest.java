package dev.fixpoint.testing.jqwik;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.transform.fuse.FuseMatMulAdd;

/** The base class at work on a rule of the catalogue. */
class RulePropertiesTest extends RuleProperties {
  @Override
  public RewriteRule rule() {
    return FuseMatMulAdd.RULE;
  }
}
