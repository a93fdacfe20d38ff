package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Data;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.transform.weights.QuantizeWeights;
import dev.fixpoint.transform.weights.WeightFormat;
import dev.fixpoint.transform.weights.WeightRounding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code --scheme weights}. */
final class WeightOptions {
  private static final String BLOCK = "block:";
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "int8", ElementType.INT8,
          "uint8", ElementType.UINT8,
          "int4", ElementType.INT4,
          "uint4", ElementType.UINT4,
          "float8", ElementType.FLOAT8E4M3FN,
          "float8e5m2", ElementType.FLOAT8E5M2,
          "fp4", ElementType.FLOAT4E2M1,
          "float16", ElementType.FLOAT16,
          "bfloat16", ElementType.BFLOAT16);

  @Option(
      names = "--rounding",
      paramLabel = "plain|hqq|gptq",
      description =
          "How weights are rounded with --scheme weights; hqq and gptq need --calibration, and fall"
              + " back to plain where a layer would be worse (default: plain).")
  private @Nullable String rounding;

  @Option(
      names = "--pack",
      description =
          "With --scheme weights: matrix products as ONNX Runtime's MatMulNBits where they can.")
  private boolean packed;

  /** Whether matrix products are packed. */
  boolean isPacked() {
    return packed;
  }

  /** Refuses the options where the scheme is another one. */
  void requireAbsent() {
    if (rounding != null || packed) {
      throw new CommandException("--rounding and --pack are for --scheme weights");
    }
  }

  /** The pass that the options describe. */
  QuantizeWeights pass(SchemeOptions scheme, @Nullable Data data) {
    Map<String, WeightRounding> ways = new LinkedHashMap<>();
    Arrays.stream(WeightRounding.values()).forEach(each -> ways.put(each.text(), each));
    WeightRounding way =
        Choice.of("--rounding", rounding == null ? WeightRounding.PLAIN.text() : rounding, ways);
    if (way != WeightRounding.PLAIN && data == null) {
      throw new CommandException(
          "--rounding "
              + way.text()
              + ": layers are compared on sample inputs; give --calibration");
    }
    scheme.requireFloatActivations();
    ElementType type = Choice.of("--weights", scheme.weights(), TYPES);
    return new QuantizeWeights(
        format(type, scheme.granularity()),
        way,
        data == null ? List.of() : data.batches(),
        scheme.exclusions());
  }

  private static WeightFormat format(ElementType type, @Nullable String granularity) {
    if (granularity == null || granularity.equals("channel")) {
      return new WeightFormat(type, 0);
    }
    try {
      int size =
          granularity.startsWith(BLOCK)
              ? Integer.parseInt(granularity.substring(BLOCK.length()))
              : 0;
      if (size > 0) {
        return new WeightFormat(type, size);
      }
    } catch (NumberFormatException e) {
      throw new CommandException(problem(granularity), e);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--granularity " + granularity + ": " + e.getMessage(), e);
    }
    throw new CommandException(problem(granularity));
  }

  private static String problem(String granularity) {
    return "--granularity "
        + granularity
        + ": with --scheme weights give channel or block:N, as block:32";
  }
}
