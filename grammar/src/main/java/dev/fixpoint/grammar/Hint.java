package dev.fixpoint.grammar;

import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** What a language adds to an error where the expectation alone would mislead. */
interface Hint {

  /**
   * A remark, or null where there is nothing to say.
   *
   * @param previous the last token that fitted
   * @param context the rule to which that token belongs
   * @param found the first token that did not fit
   */
  @Nullable String about(Token previous, RuleContext context, Token found);
}
