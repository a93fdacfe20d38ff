package dev.fixpoint.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A convolution of unsigned data with signed weights over their full range, which kernels that add
 * pairs of products in saturating 16 bits get wrong.
 */
class SaturationTest {
  private static final int CHANNELS = 16;
  private static final int SIZE = 64;
  private static final int TAPS = 9;
  private static final int OUTPUTS = CHANNELS * SIZE * SIZE;

  private static byte[] bytes(long seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Tensor image() {
    Shape shape = Shape.of(1, CHANNELS, SIZE, SIZE);
    return Tensor.ofBytes(ElementType.UINT8, shape, bytes(1, OUTPUTS));
  }

  private static byte[] weights() {
    return bytes(2, CHANNELS * CHANNELS * TAPS);
  }

  private static Graph convolution() {
    GraphBuilder graph = new GraphBuilder("full_range");
    Tensor x = image();
    Shape shape = Shape.of(CHANNELS, CHANNELS, 3, 3);
    Value scale = graph.constant("scale", Tensor.scalar(ElementType.FLOAT, 0.02));
    Value wide = graph.constant("wide", Tensor.scalar(ElementType.FLOAT, 2));
    Value zero = graph.constant("zero", Tensor.scalar(ElementType.UINT8, 128));
    Value none = graph.constant("none", Tensor.scalar(ElementType.INT8, 0));
    Value y =
        graph.call(
            "y",
            QuantOps.REGISTRY.get(OpId.of("QLinearConv")),
            Attributes.NONE.with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L)),
            graph.input("x", x.type()),
            scale,
            zero,
            graph.constant("w", Tensor.ofBytes(ElementType.INT8, shape, weights())),
            scale,
            none,
            wide,
            zero);
    return graph.output(y).build();
  }

  private static byte[] run(ExecutionOptions options) {
    try (InferenceSession session = InferenceSession.of(convolution(), options)) {
      return session.run(Map.of("x", image())).get("y").toBytes();
    }
  }

  /** How many sums of two neighbouring products of the first row do not fit 16 bits. */
  private static int saturatedPairs() {
    byte[] x = image().toBytes();
    byte[] w = weights();
    int saturated = 0;
    for (int i = 0; i + 1 < w.length; i += 2) {
      int sum = (x[i] & 0xff) * w[i] + (x[i + 1] & 0xff) * w[i + 1];
      saturated += sum == (short) sum ? 0 : 1;
    }
    return saturated;
  }

  @Test
  void noneOf65536OutputsIsWrong() {
    byte[] expected = run(ExecutionOptions.DEFAULT.withReference(true));
    byte[] actual = run(ExecutionOptions.DEFAULT.withThreads(2));
    int wrong = 0;
    for (int i = 0; i < OUTPUTS; i++) {
      wrong += actual[i] == expected[i] ? 0 : 1;
    }
    assertThat(actual).hasSize(65_536);
    assertThat(saturatedPairs()).isGreaterThan(20);
    assertThat(wrong).isZero();
  }
}
