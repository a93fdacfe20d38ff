package dev.fixpoint;

import dev.fixpoint.analysis.Certificate;
import dev.fixpoint.analysis.ErrorAnalysis;
import dev.fixpoint.analysis.ErrorReport;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import java.util.Locale;
import java.util.stream.Collectors;

/** An output could be further off than {@link CompilerOptions#errorBudget} allows. */
public final class ErrorBudgetException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 5;

  private ErrorBudgetException(String message) {
    super(message);
  }

  /** Refuses a compilation whose certificate exceeds a budget, naming what contributes most. */
  static void check(double budget, Graph source, ErrorAnalysis analysis, ErrorReport report) {
    for (Value output : source.outputs()) {
      Certificate certificate = report.outputs().get(output.name());
      if (certificate != null && !(certificate.unclipped().max() <= budget)) {
        throw new ErrorBudgetException(
            "output '"
                + output.name()
                + "' can be off by "
                + number(certificate.unclipped().max())
                + ", but the error budget is "
                + number(budget)
                + "; leave nodes in float that contribute most, or allow more. Largest"
                + " contributions: "
                + analysis.contributions(output, SHOWN).stream()
                    .map(each -> each.node() + " " + number(each.bound()))
                    .collect(Collectors.joining(", ")));
      }
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
