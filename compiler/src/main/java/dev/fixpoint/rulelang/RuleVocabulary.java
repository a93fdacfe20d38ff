package dev.fixpoint.rulelang;

import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;

/**
 * What rules may name: operators, native functions and conditions.
 *
 * @param operators operators of patterns, replacements and expressions
 * @param functions native functions of {@code let}
 * @param conditions conditions of {@code where}
 */
public record RuleVocabulary(
    OpRegistry operators, NativeLibrary functions, ConditionLibrary conditions) {
  /** All operators of this project, and the libraries that come with the rule language. */
  public static final RuleVocabulary STANDARD =
      new RuleVocabulary(
          StandardOps.registry().plus(QuantOps.REGISTRY),
          NativeLibrary.standard(),
          ConditionLibrary.standard());

  /** This vocabulary with more native functions. */
  public RuleVocabulary withFunctions(NativeLibrary more) {
    return new RuleVocabulary(operators, functions.plus(more), conditions);
  }

  /** This vocabulary with other conditions. */
  public RuleVocabulary withConditions(ConditionLibrary newConditions) {
    return new RuleVocabulary(operators, functions, newConditions);
  }

  /** This vocabulary with other operators. */
  public RuleVocabulary withOperators(OpRegistry newOperators) {
    return new RuleVocabulary(newOperators, functions, conditions);
  }
}
