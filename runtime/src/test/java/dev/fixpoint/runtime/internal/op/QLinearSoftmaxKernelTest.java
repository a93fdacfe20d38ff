package dev.fixpoint.runtime.internal.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QLinearSoftmax;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of integers of all kinds, where the kernel's bits are those of the operator. */
class QLinearSoftmaxKernelTest {
  private static final OpId ID = OpId.microsoft("QLinearSoftmax");

  /** Rows of every length up to 70, random ones and such of corners. */
  @ParameterizedTest
  @CsvSource({
    "UINT8, 0.05, 128, UINT8, 0.00390625, 0", "UINT8, 1, 0, INT8, 0.00390625, -128",
    "INT8, 0.3, -7, UINT8, 0.01, 3", "INT8, 1e-30, 0, INT8, 0.5, 0",
    "UINT8, 3e38, 255, UINT8, 0.00390625, 0"
  })
  void theBitsAreThoseOfTheReference(
      ElementType type, float scale, int zero, ElementType to, float step, int zeroTo) {
    Random random = new Random(11);
    byte[] corners = {0, -1, 127, -128};
    for (int length = 1; length < 71; length++) {
      byte[] bytes = new byte[6 * length];
      random.nextBytes(bytes);
      for (int i = 0; i < length; i++) {
        bytes[i] = corners[random.nextInt(corners.length)];
      }
      Arrays.fill(bytes, length, 2 * length, corners[length % corners.length]);
      DrawnCall drawn =
          new DrawnCall(random, ID)
              .variable(Tensor.ofBytes(type, Shape.of(6, length), bytes))
              .constant(Tensor.scalar(ElementType.FLOAT, scale))
              .constant(Tensor.scalar(type, zero))
              .constant(Tensor.scalar(ElementType.FLOAT, step))
              .constant(Tensor.scalar(to, zeroTo))
              .with(QLinearSoftmax.OPSET, 13L);
      try (InferenceSession session = InferenceSession.of(drawn.graph())) {
        assertThat(session.plan(Map.of()).steps())
            .extracting(planned -> planned.kernel())
            .containsExactly("QLinearSoftmaxKernel");
        assertThat(List.copyOf(session.run(drawn.feed()).values()))
            .as("length %d", length)
            .isEqualTo(drawn.op().evaluate(drawn.call()));
      }
    }
  }
}
