package dev.fixpoint.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.runtime.internal.simd.Int8Weights;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runtime chooses its arithmetic by the weights at hand, whatever a file says of itself. */
class OverflowCertificateTest {
  /** Magnitudes that add up to 2^17: 128 times that is 2^24. */
  private static final byte[] FLOAT_CORNER = weights(1 << 17);

  /** Magnitudes of which 255 times is 127 less than 2^31 - 1. */
  private static final byte[] INT_CORNER = weights(8421504);

  private static final Map<String, String> LIES =
      Map.of(
          "fixpoint.accumulator.y", "1",
          "fixpoint.accumulator", "fits float",
          "fixpoint.error.y", "exact",
          "fixpoint.overflow", "impossible");

  /** Weights of 127, and one less at the end, that add up to a sum. */
  private static byte[] weights(int sum) {
    byte[] weights = new byte[(sum + 126) / 127];
    Arrays.fill(weights, (byte) 127);
    weights[weights.length - 1] -= (byte) (weights.length * 127 - sum);
    return weights;
  }

  private static Int8Weights column(int bias) {
    return new Int8Weights(
        FLOAT_CORNER, 1, FLOAT_CORNER.length, false, new int[1], new int[] {bias}, true, 128);
  }

  /** One row times one column of weights, with a bias. */
  private static Graph product(byte[] weights, int bias, int zeroPoint) {
    GraphBuilder graph = new GraphBuilder("corner");
    Value x = graph.input("x", TensorType.of(ElementType.UINT8, 1, weights.length));
    Value one = graph.constant("one", Tensor.scalar(ElementType.FLOAT, 1));
    Value zero = graph.constant("zero", Tensor.scalar(ElementType.UINT8, zeroPoint));
    Value w =
        graph.constant("w", Tensor.ofBytes(ElementType.INT8, Shape.of(weights.length, 1), weights));
    Value b = graph.constant("b", Tensor.ofLongs(ElementType.INT32, Shape.of(1), bias));
    graph.output(
        graph.call(
            "y",
            QuantOps.REGISTRY.get(OpId.fixpoint("QMatMul")),
            Attributes.NONE,
            x,
            one,
            zero,
            w,
            one,
            null,
            b));
    return graph.build();
  }

  private static Graph lying(Graph graph) {
    return graph.withInfo(graph.info().withMetadata(LIES));
  }

  private static void assertRunsAsDefined(Graph graph, int size) {
    for (int value : new int[] {0, 127, 128, 255}) {
      byte[] bytes = new byte[size];
      Arrays.fill(bytes, (byte) value);
      Map<String, Tensor> feed =
          Map.of("x", Tensor.ofBytes(ElementType.UINT8, Shape.of(1, size), bytes));
      Tensor expected = new ReferenceInterpreter().prepare(graph).evaluate(feed).get("y");
      try (var session = InferenceSession.of(graph)) {
        assertThat(session.run(feed).get("y")).as("inputs of %s", value).isEqualTo(expected);
      }
    }
  }

  @Test
  void theChoiceOfFloatsChangesExactlyAt2To24() {
    assertThat(column(0).fitsFloat()).isTrue();
    assertThat(column(1).fitsFloat()).isFalse();
    assertThat(column(-1).fitsFloat()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1})
  void resultsAreExactOnBothSidesOf2To24(int bias) {
    assertRunsAsDefined(product(FLOAT_CORNER, bias, 128), FLOAT_CORNER.length);
  }

  @Test
  void theLargestSumBelow2To31Runs() {
    assertRunsAsDefined(product(INT_CORNER, 127, 0), INT_CORNER.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, -128})
  void aSumThatCouldReach2To31IsRefusedWhateverTheFileSays(int bias) {
    for (Graph graph :
        new Graph[] {product(INT_CORNER, bias, 0), lying(product(INT_CORNER, bias, 0))}) {
      try (var session = InferenceSession.of(graph)) {
        assertThatThrownBy(() -> session.plan(Map.of()))
            .isInstanceOf(ModelException.class)
            .hasMessageContaining("does not fit 32 bits");
      }
    }
  }

  @Test
  void metadataThatLiesChangesNoResult() {
    assertRunsAsDefined(lying(product(FLOAT_CORNER, 1, 128)), FLOAT_CORNER.length);
  }
}
