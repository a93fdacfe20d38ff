package dev.fixpoint.cli;

import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.calibration.TargetProfile;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.transform.quantize.Exclusions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of what integers values become, and what stays in float. */
final class SchemeOptions {
  private static final String OPERATOR = "op:";
  private static final Map<String, ElementType> ACTIVATIONS =
      Map.of("uint8", ElementType.UINT8, "int8", ElementType.INT8, "int16", ElementType.INT16);
  private static final Map<String, ElementType> WEIGHTS =
      Map.of("uint8", ElementType.UINT8, "int8", ElementType.INT8);
  private static final Map<String, Boolean> PER_CHANNEL =
      Map.of("tensor", false, "channel", true, "token", true);
  private static final Map<String, TargetProfile> TARGETS =
      Map.of("cpu", TargetProfile.CPU, "tensorrt", TargetProfile.TENSORRT);

  private static final String MINMAX = "minmax";
  private static final String CPU = "cpu";

  @Option(
      names = "--activations",
      paramLabel = "uint8|int8|int16",
      description = "Type of activations (default: uint8; int8 for TensorRT).")
  private @Nullable String activations;

  @Option(
      names = "--weights",
      paramLabel = "int8|uint8|int4|uint4|float8|float8e5m2|fp4|float16|bfloat16",
      description =
          "Type of weights; those other than int8 and uint8 are for --scheme weights (default:"
              + " ${DEFAULT-VALUE}).")
  private String weights = "int8";

  @Option(
      names = "--granularity",
      paramLabel = "tensor|channel|token|block:N",
      description =
          "One scale for a weight, or one for each output channel; token: and for each row of"
              + " activations; block:N: for each N inputs of an output channel, with --scheme"
              + " weights (default: channel; token for --scheme dynamic).")
  private @Nullable String granularity;

  @Option(
      names = "--calibrator",
      paramLabel = "minmax|moving|percentile[:P]|entropy|mse",
      description =
          "How ranges are chosen; P in a hundred numbers are kept (default: ${DEFAULT-VALUE}).")
  private String calibrator = MINMAX;

  @Option(
      names = "--target",
      paramLabel = "cpu|tensorrt",
      description = "What quantizers are placed for (default: ${DEFAULT-VALUE}).")
  private String target = CPU;

  @Option(
      names = "--exclude",
      paramLabel = "REGEX",
      description =
          "Nodes whose name this finds stay in float; op:NAME excludes an operator. May be given"
              + " again.")
  private List<String> exclude = List.of();

  /** The granularity asked for, or null. */
  @Nullable String granularity() {
    return granularity;
  }

  /** The type of activations asked for, or null. */
  @Nullable String activations() {
    return activations;
  }

  /** The type of weights asked for. */
  String weights() {
    return weights;
  }

  /** Refuses what says how activations are quantized, where they stay in float. */
  void requireFloatActivations() {
    if (activations != null || !calibrator.equals(MINMAX) || !target.equals(CPU)) {
      throw new CommandException(
          "--scheme weights leaves activations in float; leave out --activations, --calibrator and"
              + " --target");
    }
  }

  /** The scheme that the options describe. */
  QuantScheme scheme() {
    TargetProfile profile = Choice.of("--target", target, TARGETS);
    boolean tensorrt = profile == TargetProfile.TENSORRT;
    String type = activations == null ? tensorrt ? "int8" : "uint8" : activations;
    ElementType activationType = Choice.of("--activations", type, ACTIVATIONS);
    ElementType weightType = Choice.of("--weights", weights, WEIGHTS);
    if (tensorrt && (activationType != ElementType.INT8 || weightType != ElementType.INT8)) {
      throw new CommandException(
          "--target tensorrt takes int8 with zero point 0 only; leave out --activations and"
              + " --weights");
    }
    return excluding(
        QuantScheme.DEFAULT
            .withTypes(activationType, weightType)
            .withSymmetricActivations(tensorrt)
            .withTarget(profile)
            .withPerChannel(
                granularity == null || Choice.of("--granularity", granularity, PER_CHANNEL))
            .withCalibration(calibration()));
  }

  /** The scheme of SmoothQuant, with what the options leave open in it. */
  QuantScheme w8a8() {
    if (activations != null || !weights.equals("int8") || !target.equals(CPU)) {
      throw new CommandException(
          "--scheme w8a8 says the types itself; leave out --activations, --weights and --target");
    }
    return excluding(
        QuantScheme.W8A8
            .withPerChannel(
                granularity == null || Choice.of("--granularity", granularity, PER_CHANNEL))
            .withCalibration(calibration()));
  }

  private CalibrationMethod calibration() {
    try {
      return CalibrationMethod.ofText(calibrator)
          .orElseThrow(
              () ->
                  new CommandException(
                      "--calibrator "
                          + calibrator
                          + ": this is not available; give minmax, moving, percentile[:P], entropy"
                          + " or mse"));
    } catch (IllegalArgumentException e) {
      throw new CommandException("--calibrator " + calibrator + ": " + e.getMessage(), e);
    }
  }

  private QuantScheme excluding(QuantScheme scheme) {
    Exclusions excluded = exclusions();
    return scheme.excluding(excluded.nodes(), excluded.operators());
  }

  /** Which nodes stay in float. */
  Exclusions exclusions() {
    List<Pattern> nodes = new ArrayList<>();
    List<String> operators = new ArrayList<>();
    for (String each : exclude) {
      if (each.startsWith(OPERATOR)) {
        operators.add(each.substring(OPERATOR.length()));
      } else {
        nodes.add(pattern(each));
      }
    }
    return new Exclusions(nodes, operators);
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new CommandException("--exclude " + regex + ": " + e.getDescription(), e);
    }
  }
}
