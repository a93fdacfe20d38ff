package dev.fixpoint.cli;

import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.improve.Target;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of what static quantization does beyond the plain. */
final class ImprovementOptions {
  private static final String DECIBELS = "dB";

  @Option(
      names = "--improve",
      split = ",",
      paramLabel = "cle|smooth|outliers|adaquant|adaround|bias",
      description =
          "Methods better than plain, several with commas; each is kept only where it does no harm"
              + " on the sample inputs.")
  private List<String> improve = List.of();

  @Option(
      names = "--accuracy-target",
      paramLabel = "X",
      description =
          "Leaves the fewest layers in float with which the sample inputs reach X: 45dB for the"
              + " signal to noise of the outputs, 0.99 for the share of rows whose largest output"
              + " stays the same.")
  private @Nullable String accuracyTarget;

  /** What the options ask for. */
  Improvements improvements() {
    Map<String, Improvement> known = new LinkedHashMap<>();
    Arrays.stream(Improvement.values()).forEach(each -> known.put(each.text(), each));
    Set<Improvement> chosen = new LinkedHashSet<>();
    improve.forEach(name -> chosen.add(Choice.of("--improve", name, known)));
    return new Improvements(chosen, target());
  }

  private @Nullable Target target() {
    if (accuracyTarget == null) {
      return null;
    }
    boolean decibels = accuracyTarget.endsWith(DECIBELS);
    String number =
        decibels
            ? accuracyTarget.substring(0, accuracyTarget.length() - DECIBELS.length())
            : accuracyTarget;
    try {
      double value = Double.parseDouble(number.strip());
      if (decibels && Double.isFinite(value)) {
        return new Target.Decibels(value);
      }
      if (!decibels && value >= 0 && value <= 1) {
        return new Target.Agreement(value);
      }
    } catch (NumberFormatException e) {
      throw new CommandException(problem(), e);
    }
    throw new CommandException(problem());
  }

  private String problem() {
    return "--accuracy-target " + accuracyTarget + ": give decibels, as 45dB, or a share, as 0.99";
  }
}
