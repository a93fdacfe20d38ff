package dev.fixpoint.cli.report;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.analysis.Certificate;
import dev.fixpoint.analysis.Derivation;
import dev.fixpoint.analysis.ErrorPrediction;
import dev.fixpoint.analysis.ErrorReport;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What is predicted and what is proved of each value of a quantized network, for a report that sets
 * it beside what was observed. A value that a quantizer reads is taken after that quantizer.
 */
public final class Expectations {
  private final Map<String, Double> decibels = new HashMap<>();
  private final Map<String, Certificate> certificates = new HashMap<>();
  private final Graph reference;

  private Expectations(Graph reference) {
    this.reference = reference;
  }

  /**
   * The expectations by value name; empty for a model of which nothing was proved.
   *
   * @param evaluator runs the float network
   * @param samples gives a batch of calibration data, by input name, if it is needed
   */
  public static Map<String, Expectation> of(
      CompiledModel quantized, Evaluator evaluator, Supplier<Map<String, Tensor>> samples) {
    Derivation derivation = quantized.derivation().orElse(null);
    ErrorReport proved = quantized.errors().orElse(null);
    if (derivation == null || proved == null) {
      return Map.of();
    }
    Expectations all = new Expectations(derivation.reference());
    for (ErrorPrediction.Line line :
        ErrorPrediction.of(derivation, proved.inputRanges(), evaluator, samples.get())) {
      all.decibels.put(line.tensor(), line.decibels());
    }
    proved.lines().forEach(line -> all.certificates.put(line.tensor(), line.composed()));
    Map<String, Expectation> byName = new HashMap<>();
    for (Value value : derivation.reference().values()) {
      byName.put(value.name(), all.of(value));
    }
    return byName;
  }

  private Expectation of(Value value) {
    String name = quantizedName(value);
    double ratio = decibels.getOrDefault(name, Double.NaN);
    Certificate certificate = certificates.get(name);
    return new Expectation(
        Double.isFinite(ratio) ? OptionalDouble.of(ratio) : OptionalDouble.empty(),
        certificate == null ? OptionalDouble.empty() : largest(certificate.unclipped()),
        certificate == null ? OptionalDouble.empty() : largest(certificate.unconditional()));
  }

  private String quantizedName(Value value) {
    for (Use use : reference.uses(value)) {
      Node reader = use.node();
      if (reader.calls(QuantOps.QUANT_STUB) && known(reader.output().name())) {
        return reader.output().name();
      }
    }
    return value.name();
  }

  private boolean known(String name) {
    return decibels.containsKey(name) || certificates.containsKey(name);
  }

  private static OptionalDouble largest(ErrorBound bound) {
    return bound.isBounded() ? OptionalDouble.of(bound.max()) : OptionalDouble.empty();
  }
}
