package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.quantize.DynamicRange;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is quantized when: the values of {@code --scheme}. */
enum QuantizationScheme {
  /** Weights and activations, with ranges from sample inputs. */
  STATIC {
    @Override
    CompiledModel quantize(QuantizeRequest request) {
      CalibrationData data = request.data();
      if (data == null) {
        throw new CommandException(
            request.file()
                + ": static quantization observes sample inputs; give --calibration DATA");
      }
      if ("token".equals(request.granularity())) {
        throw new CommandException(
            "--granularity token: a row's range is known only when the network runs; add --scheme"
                + " dynamic");
      }
      return new Compiler(request.options()).quantize(request.graph(), data);
    }

    @Override
    boolean isCalibrated() {
      return true;
    }
  },
  /** As {@link #STATIC}, as SmoothQuant does it. */
  W8A8 {
    @Override
    CompiledModel quantize(QuantizeRequest request) {
      return STATIC.quantize(request);
    }

    @Override
    QuantScheme types(SchemeOptions options) {
      return options.w8a8();
    }

    @Override
    Improvements improvements(ImprovementOptions options) {
      return options.improvements().plus(Improvement.SMOOTH);
    }

    @Override
    boolean isCalibrated() {
      return true;
    }
  },
  /** Weights now, activations by their own range when the network runs. */
  DYNAMIC {
    @Override
    CompiledModel quantize(QuantizeRequest request) {
      if (request.scheme().activationType() != ElementType.UINT8) {
        throw new CommandException(
            "--scheme dynamic quantizes activations to uint8; leave out --activations and --target");
      }
      boolean rows = request.granularity() == null || "token".equals(request.granularity());
      return new Compiler(request.options())
          .quantizeDynamically(request.graph(), rows ? DynamicRange.TOKEN : DynamicRange.TENSOR);
    }
  },
  /** Weights alone; {@link WeightOptions} says how. */
  WEIGHTS {
    @Override
    CompiledModel quantize(QuantizeRequest request) {
      throw new IllegalStateException("weights have options of their own");
    }
  };

  /** All by name. */
  static final Map<String, QuantizationScheme> BY_NAME =
      Arrays.stream(values())
          .collect(
              Collectors.toMap(
                  scheme -> scheme.name().toLowerCase(Locale.ROOT), Function.identity()));

  /** Whether ranges come from sample inputs. */
  boolean isCalibrated() {
    return false;
  }

  /** What values become. */
  QuantScheme types(SchemeOptions options) {
    return options.scheme();
  }

  /** What is done beyond the plain. */
  Improvements improvements(ImprovementOptions options) {
    return options.improvements();
  }

  /** Quantizes a model. */
  abstract CompiledModel quantize(QuantizeRequest request);
}
