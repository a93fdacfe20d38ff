package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.Exclusions;
import dev.fixpoint.transform.weights.PackMatMulNBits;
import dev.fixpoint.transform.weights.QuantizeWeights;
import dev.fixpoint.transform.weights.WeightFormat;
import dev.fixpoint.transform.weights.WeightRounding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled networks with weights of few bits and activations in float. */
class WeightsOnlyTest {
  private static final WeightFormat INT4 = new WeightFormat(ElementType.INT4, 32);

  private static Graph optimized(String network) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);
    return compiler.optimize(OnnxReader.read(Digits.model(network))).graph();
  }

  private static Graph run(Graph graph, Pass... passes) {
    Pipeline.Builder builder = Pipeline.builder();
    List.of(passes).forEach(builder::then);
    PassContext context = new PassContext(new RuntimeEvaluator(), Digits.INPUT_RANGES);
    return new PassManager(builder.build(), List.of()).run(graph, context);
  }

  private static Tensor logits(Graph graph) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(Map.of(Digits.INPUT, Digits.test().images())).get(Digits.OUTPUT);
    }
  }

  private static QuantizeWeights pass(WeightFormat format, WeightRounding rounding) {
    return new QuantizeWeights(format, rounding, Digits.calibration().batches(64), Exclusions.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, PLAIN, 33, 0.17", "mlp, HQQ, 32, 0.17", "mlp, GPTQ, 45, 0.17",
    "vit, PLAIN, 25, 0.24", "vit, HQQ, 26, 0.24", "vit, GPTQ, 34, 0.24"
  })
  void fourBitsInBlocksOf32KeepTheAccuracyOfFloat(
      String network, WeightRounding rounding, double decibels, double size) {
    Graph plain = optimized(network);
    byte[] file = OnnxWriter.toBytes(run(plain, pass(INT4, rounding)));
    Tensor expected = logits(plain);

    Tensor actual = logits(OnnxReader.read(file));

    double accuracy = Logits.accuracy(expected, Digits.test().labels());
    assertThat(Logits.accuracy(actual, Digits.test().labels()))
        .isGreaterThanOrEqualTo(accuracy - 0.01);
    assertThat(Logits.sqnr(expected, actual)).isGreaterThanOrEqualTo(decibels);
    assertThat(file.length).isLessThanOrEqualTo((int) (size * Digits.model(network).length));
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT8E4M3FN, 32, 38", "FLOAT8E5M2, 32, 32", "FLOAT4E2M1, 32, 24", "FLOAT16, 0, 76",
    "BFLOAT16, 0, 59", "INT8, 0, 48", "UINT8, 0, 48", "UINT4, 32, 26"
  })
  void everyFormatKeepsItsDecibels(ElementType type, int block, double decibels) {
    Graph plain = optimized("vit");
    WeightFormat format = new WeightFormat(type, block);

    Graph stored = OnnxReader.read(OnnxWriter.toBytes(run(plain, QuantizeWeights.plain(format))));

    assertThat(Logits.sqnr(logits(plain), logits(stored))).isGreaterThanOrEqualTo(decibels);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "vit"})
  void peerComputesThePackedProductsAlike(String network) throws OrtException {
    for (ElementType type : List.of(ElementType.INT4, ElementType.UINT4)) {
      Graph blocked = run(optimized(network), QuantizeWeights.plain(new WeightFormat(type, 32)));
      Graph packed = run(blocked, new PackMatMulNBits());
      Tensor images = Digits.test().images();

      Tensor peer = Peer.AS_WRITTEN.run(packed, Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);

      assertThat(packed.nodes()).filteredOn(n -> n.calls(QuantOps.MAT_MUL_N_BITS)).isNotEmpty();
      assertThat(Logits.sqnr(logits(blocked), peer)).isGreaterThanOrEqualTo(100);
      assertThat(Logits.sqnr(logits(blocked), logits(packed))).isGreaterThanOrEqualTo(100);
    }
  }
}
