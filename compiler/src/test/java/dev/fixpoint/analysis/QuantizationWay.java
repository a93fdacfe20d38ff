package dev.fixpoint.analysis;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.quantize.DynamicRange;
import dev.fixpoint.transform.quantize.Exclusions;
import dev.fixpoint.transform.weights.QuantizeWeights;
import dev.fixpoint.transform.weights.WeightFormat;
import dev.fixpoint.transform.weights.WeightRounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One of the ways in which {@code fixpoint quantize} quantizes a network.
 *
 * @param name for people
 * @param method does it
 */
record QuantizationWay(String name, Method method) {
  private static final int BLOCK = 4;

  /** Quantizes a network on a few samples. */
  interface Method {
    CompiledModel quantize(Compiler compiler, Graph graph, List<Map<String, Tensor>> batches);
  }

  /** A compiler for networks whose input lies in [-1, 1]. */
  static CompilerOptions options() {
    return CompilerOptions.DEFAULT.withInputRanges(Map.of("x", Range.of(-1, 1)));
  }

  CompiledModel quantize(Graph graph, List<Map<String, Tensor>> batches) {
    return method.quantize(new Compiler(options()), graph, batches);
  }

  /** Every scheme, type, granularity, rounding and calibration method. */
  static List<QuantizationWay> all() {
    List<QuantizationWay> all = new ArrayList<>();
    for (QuantScheme scheme : schemes()) {
      String name = "static " + scheme;
      all.add(
          new QuantizationWay(
              name,
              (_, graph, batches) ->
                  new Compiler(options().withScheme(scheme)).quantize(graph, batches)));
    }
    all.add(improved(QuantScheme.W8A8, Improvement.SMOOTH));
    for (Improvement improvement : Improvement.values()) {
      all.add(improved(QuantScheme.DEFAULT, improvement));
    }
    for (DynamicRange range : DynamicRange.values()) {
      for (ElementType weights : List.of(ElementType.INT8, ElementType.UINT8)) {
        for (boolean perChannel : new boolean[] {true, false}) {
          all.add(dynamic(range, weights, perChannel));
        }
      }
    }
    for (ElementType type :
        List.of(
            ElementType.INT8,
            ElementType.UINT8,
            ElementType.INT4,
            ElementType.UINT4,
            ElementType.FLOAT8E4M3FN,
            ElementType.FLOAT8E5M2,
            ElementType.FLOAT4E2M1)) {
      all.add(weights(new WeightFormat(type, 0), WeightRounding.PLAIN, false));
      all.add(weights(new WeightFormat(type, BLOCK), WeightRounding.PLAIN, false));
    }
    all.add(weights(new WeightFormat(ElementType.FLOAT16, 0), WeightRounding.PLAIN, false));
    all.add(weights(new WeightFormat(ElementType.BFLOAT16, 0), WeightRounding.PLAIN, false));
    all.add(weights(new WeightFormat(ElementType.INT4, 0), WeightRounding.GPTQ, false));
    all.add(weights(new WeightFormat(ElementType.UINT4, BLOCK), WeightRounding.HQQ, false));
    all.add(weights(new WeightFormat(ElementType.UINT4, 16), WeightRounding.PLAIN, true));
    return all;
  }

  private static List<QuantScheme> schemes() {
    QuantScheme base = QuantScheme.DEFAULT;
    List<QuantScheme> schemes = new ArrayList<>();
    for (ElementType weights : List.of(ElementType.INT8, ElementType.UINT8)) {
      for (ElementType activations : List.of(ElementType.UINT8, ElementType.INT8)) {
        schemes.add(base.withTypes(activations, weights));
        schemes.add(base.withTypes(activations, weights).withPerChannel(false));
      }
    }
    schemes.add(base.withSymmetricActivations(true));
    schemes.add(base.withTypes(ElementType.INT16, ElementType.INT8));
    schemes.add(base.withTypes(ElementType.UINT8, ElementType.INT4));
    schemes.add(QuantScheme.TENSORRT);
    for (CalibrationMethod method : CalibrationMethod.ALL) {
      schemes.add(base.withCalibration(method));
    }
    return schemes;
  }

  private static QuantizationWay improved(QuantScheme scheme, Improvement improvement) {
    CompilerOptions options =
        options().withScheme(scheme).withImprovements(Improvements.of(improvement));
    return new QuantizationWay(
        "static with %s, %s".formatted(improvement.text(), scheme),
        (_, graph, batches) -> new Compiler(options).quantize(graph, batches));
  }

  private static QuantizationWay dynamic(
      DynamicRange range, ElementType weights, boolean perChannel) {
    QuantScheme scheme =
        QuantScheme.DEFAULT.withTypes(ElementType.UINT8, weights).withPerChannel(perChannel);
    return new QuantizationWay(
        "dynamic by %s, %s".formatted(range, scheme),
        (_, graph, _) ->
            new Compiler(options().withScheme(scheme)).quantizeDynamically(graph, range));
  }

  private static QuantizationWay weights(
      WeightFormat format, WeightRounding rounding, boolean packed) {
    return new QuantizationWay(
        "weights as %s, %s%s".formatted(format, rounding.text(), packed ? ", packed" : ""),
        (compiler, graph, batches) ->
            compiler.quantizeWeights(
                graph, new QuantizeWeights(format, rounding, batches, Exclusions.NONE), packed));
  }

  @Override
  public String toString() {
    return name;
  }
}
