package dev.fixpoint.transform;

import dev.fixpoint.calibration.CalibrationData;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.calibration.TargetProfile;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.fold.FoldConstants;
import dev.fixpoint.transform.fold.MergeEqualNodes;
import dev.fixpoint.transform.fold.RemoveDeadNodes;
import dev.fixpoint.transform.quantize.AssumeRanges;
import dev.fixpoint.transform.quantize.CalibrateStubs;
import dev.fixpoint.transform.quantize.InsertQuantStubs;
import dev.fixpoint.transform.quantize.LowerToQuantized;
import dev.fixpoint.transform.quantize.PlaceFakeQuant;
import dev.fixpoint.transform.quantize.ProtectPrecision;
import dev.fixpoint.transform.quantize.QuantizeDynamically;
import dev.fixpoint.transform.quantize.RecognizeRowwiseProducts;
import dev.fixpoint.transform.quantize.StoreQuantizedWeights;
import dev.fixpoint.transform.weights.PackMatMulNBits;
import dev.fixpoint.transform.weights.QuantizeWeights;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pipelines of this project. */
public final class StandardPipelines {
  private StandardPipelines() {}

  /** Float in, float out: constants, clean-up, folding and fusion. */
  public static Pipeline floatOptimizations() {
    return floatOptimizations(new RuleSet(List.of()));
  }

  /**
   * As {@link #floatOptimizations()}, with more rules that apply before fusion, and before the
   * standard ones where both fit.
   */
  public static Pipeline floatOptimizations(RuleSet more) {
    RuleSet folding =
        more.plus(StandardRules.CLEAN_UP).plus(StandardRules.RECOGNIZE).plus(StandardRules.FOLD);
    return Pipeline.builder()
        .then(new FoldConstants())
        .then(new RewritePass("simplify", StandardRules.CLEAN_UP))
        .then(new FoldConstants())
        .then(new MergeEqualNodes())
        .then(new RewritePass("fold", folding, Set.of(), Set.of(GraphProperties.FOLDED)))
        .then(new RewritePass("expand", StandardRules.EXPAND))
        .then(
            new RewritePass(
                "fuse",
                StandardRules.FUSE,
                Set.of(GraphProperties.FOLDED),
                Set.of(GraphProperties.FUSED)))
        .then(new RemoveDeadNodes())
        .build();
  }

  /**
   * From a fused float graph to a fake-quantized one: stubs, calibration, fake quantizers.
   *
   * @param batches calibration data: tensor by input name
   */
  public static Pipeline staticQuantization(
      QuantScheme scheme, Iterable<Map<String, Tensor>> batches) {
    return placement(scheme, CalibrationData.of(batches)).plus(storage(scheme));
  }

  /** The first part of {@link #staticQuantization}: weights are still float32 constants. */
  public static Pipeline placement(QuantScheme scheme, CalibrationData data) {
    return stubs(scheme)
        .then(new CalibrateStubs(scheme, data))
        .then(new ProtectPrecision(scheme))
        .then(new PlaceFakeQuant(scheme))
        .build();
  }

  /**
   * The last part of {@link #staticQuantization}: weights become integers, where the target's do.
   */
  public static Pipeline storage(QuantScheme scheme) {
    Pipeline.Builder builder = Pipeline.builder();
    return scheme.target() == TargetProfile.TENSORRT
        ? builder.build()
        : builder
            .then(
                new RewritePass("store-quantized-weights", RuleSet.of(StoreQuantizedWeights.RULE)))
            .build();
  }

  /**
   * From a fused float graph to one whose weights are stored in fewer bits.
   *
   * @param packed whether matrix products become MatMulNBits where they can
   */
  public static Pipeline weights(QuantizeWeights pass, boolean packed) {
    Pipeline.Builder builder = Pipeline.builder().assuming(GraphProperties.FUSED).then(pass);
    return packed ? builder.then(new PackMatMulNBits()).build() : builder.build();
  }

  /**
   * From a fused float graph to one that is trained: as {@link #staticQuantization}, with weights
   * and biases left in float.
   *
   * @param batches calibration data: tensor by input name; null leaves the ranges to training
   */
  public static Pipeline trainingQuantization(
      QuantScheme scheme, @Nullable Iterable<Map<String, Tensor>> batches) {
    return stubs(scheme)
        .then(batches == null ? new AssumeRanges() : new CalibrateStubs(scheme, batches))
        .then(new ProtectPrecision(scheme))
        .then(PlaceFakeQuant.forTraining(scheme))
        .build();
  }

  private static Pipeline.Builder stubs(QuantScheme scheme) {
    return Pipeline.builder().assuming(GraphProperties.FUSED).then(new InsertQuantStubs(scheme));
  }

  /** From a fused float graph to one that quantizes activations by their own range. */
  public static Pipeline dynamicQuantization(QuantizeDynamically pass) {
    return Pipeline.builder()
        .assuming(GraphProperties.FUSED)
        .then(pass)
        .then(new RemoveDeadNodes())
        .build();
  }

  /** From any graph to one that an older opset of the standard operators can say, if possible. */
  public static Pipeline spellingOut(int opset) {
    return Pipeline.builder().then(new RewritePass("spell-out", SpellOut.forOpset(opset))).build();
  }

  /** From a graph of fake quantizers or Q-DQ pairs to integer operators. */
  public static Pipeline lowering() {
    return Pipeline.builder()
        .then(new RecognizeRowwiseProducts())
        .build()
        .plus(floatOptimizations())
        .plus(
            Pipeline.builder()
                .then(new RewritePass("simplify-quantized", StandardRules.QUANTIZED))
                .then(new FoldConstants())
                .then(new LowerToQuantized())
                .then(new RewritePass("fuse-quantized", StandardRules.LOWERED))
                .then(new RemoveDeadNodes())
                .build());
  }
}
