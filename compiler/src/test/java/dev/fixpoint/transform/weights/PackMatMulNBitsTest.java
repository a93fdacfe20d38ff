package dev.fixpoint.transform.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed weights mean what the blocked ones mean. */
class PackMatMulNBitsTest {
  @ParameterizedTest
  @CsvSource({
    "MAT_MUL, INT4, 16", "MAT_MUL, UINT4, 16", "MAT_MUL, INT8, 32", "MAT_MUL, UINT8, 64",
    "GEMM, INT4, 32", "GEMM, UINT4, 16", "GEMM, INT8, 16", "GEMM, UINT8, 32"
  })
  void packedProductEqualsTheBlockedOne(Layers layer, ElementType type, int block) {
    for (long seed = 0; seed < 5; seed++) {
      Graph graph = layer.graph(seed);
      WeightFormat format = new WeightFormat(type, block);
      Graph blocked = QuantizeWeightsTest.Outcome.of(graph, QuantizeWeights.plain(format)).after();
      QuantizeWeightsTest.Outcome packed =
          QuantizeWeightsTest.Outcome.of(blocked, new PackMatMulNBits());
      RewriteRecord record = packed.context().records().getFirst();
      Tensor x = Layers.input(graph, seed);

      Verdict verdict =
          record
              .bound()
              .check(
                  QuantizeWeightsTest.evaluate(blocked, x),
                  QuantizeWeightsTest.evaluate(packed.after(), x));

      assertThat(packed.after().nodes().getFirst().calls(QuantOps.MAT_MUL_N_BITS)).isTrue();
      assertThat(packed.after().nodes()).hasSize(layer == Layers.GEMM ? 2 : 1);
      assertThat(verdict.holds()).as("%s", verdict).isTrue();
      // 40 products of at most 5 · 1 in float32: a bound of more would say nothing.
      assertThat(record.bound().allowances()[0]).isLessThan(0x1p-9);
    }
  }

  @Test
  void convolutionsStayAndSayWhy() {
    Graph blocked =
        QuantizeWeightsTest.Outcome.of(
                Layers.CONVOLUTION.graph(1),
                QuantizeWeights.plain(new WeightFormat(ElementType.INT4, 16)))
            .after();

    QuantizeWeightsTest.Outcome outcome =
        QuantizeWeightsTest.Outcome.of(blocked, new PackMatMulNBits());

    assertThat(outcome.after()).isSameAs(blocked);
    assertThat(outcome.context().refusals()).singleElement().asString().contains("not a matrix");
  }
}
