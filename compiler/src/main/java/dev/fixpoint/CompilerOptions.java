package dev.fixpoint;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.pass.PassObserver;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.transform.improve.Improvements;
import java.util.List;
import java.util.Map;

/**
 * What a compilation may be told.
 *
 * @param evaluator runs calibration data; the runtime's is much faster than the interpreter
 * @param scheme which types, granularity and observers quantization uses
 * @param inputRanges declared range by input name: bounds hold for inputs inside
 * @param rules more rules, applied with those that fold
 * @param observers are told of every pass
 * @param errorBudget the largest certified error, while no quantizer clips, that an output may
 *     have; infinite for any
 * @param improvements what quantization does beyond the plain
 */
public record CompilerOptions(
    Evaluator evaluator,
    QuantScheme scheme,
    Map<String, Range> inputRanges,
    RuleSet rules,
    List<PassObserver> observers,
    double errorBudget,
    Improvements improvements) {
  /** Static 8-bit quantization, the reference interpreter, nothing declared. */
  public static final CompilerOptions DEFAULT =
      new CompilerOptions(
          new ReferenceInterpreter(),
          QuantScheme.DEFAULT,
          Map.of(),
          new RuleSet(List.of()),
          List.of(),
          Double.POSITIVE_INFINITY,
          Improvements.NONE);

  /** Keeps immutable copies. */
  public CompilerOptions {
    inputRanges = Map.copyOf(inputRanges);
    observers = List.copyOf(observers);
    if (!(errorBudget >= 0)) {
      throw new IllegalArgumentException("an error budget cannot be " + errorBudget);
    }
  }

  /** These options with another evaluator. */
  public CompilerOptions withEvaluator(Evaluator newEvaluator) {
    return new CompilerOptions(
        newEvaluator, scheme, inputRanges, rules, observers, errorBudget, improvements);
  }

  /** These options with another scheme. */
  public CompilerOptions withScheme(QuantScheme newScheme) {
    return new CompilerOptions(
        evaluator, newScheme, inputRanges, rules, observers, errorBudget, improvements);
  }

  /** These options with declared input ranges. */
  public CompilerOptions withInputRanges(Map<String, Range> newRanges) {
    return new CompilerOptions(
        evaluator, scheme, newRanges, rules, observers, errorBudget, improvements);
  }

  /** These options with more rules. */
  public CompilerOptions withRules(RuleSet newRules) {
    return new CompilerOptions(
        evaluator, scheme, inputRanges, newRules, observers, errorBudget, improvements);
  }

  /** These options with observers of passes. */
  public CompilerOptions withObservers(List<PassObserver> newObservers) {
    return new CompilerOptions(
        evaluator, scheme, inputRanges, rules, newObservers, errorBudget, improvements);
  }

  /** These options with a limit on the certified error of every output. */
  public CompilerOptions withErrorBudget(double newBudget) {
    return new CompilerOptions(
        evaluator, scheme, inputRanges, rules, observers, newBudget, improvements);
  }

  /** These options with what quantization does beyond the plain. */
  public CompilerOptions withImprovements(Improvements newImprovements) {
    return new CompilerOptions(
        evaluator, scheme, inputRanges, rules, observers, errorBudget, newImprovements);
  }
}
