package dev.fixpoint.runtime.internal.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The batched products of attention, bit for bit as the reference has them. */
class AttentionKernelContractTest {
  private static final int HEADS = 3;

  private static Tensor bytes(ElementType type, Random random, boolean extreme, long... sizes) {
    Shape shape = Shape.of(sizes);
    byte[] values = new byte[Math.toIntExact(shape.elementCount())];
    random.nextBytes(values);
    if (extreme) {
      Arrays.fill(values, type == ElementType.INT8 ? (byte) -127 : (byte) 0xff);
    }
    return Tensor.ofBytes(type, shape, values);
  }

  private static Graph product(TensorType a, int zeroA, TensorType b, int zeroB, boolean toFloat) {
    GraphBuilder builder = new GraphBuilder("product");
    Value left = builder.input("a", a);
    Value right = builder.input("b", b);
    Value scale = builder.constant("s", Tensor.ofFloats(Shape.SCALAR, 0.0625f));
    Value zeroOfA = builder.constant("za", Tensor.scalar(a.elementType(), zeroA));
    Value zeroOfB = builder.constant("zb", Tensor.scalar(b.elementType(), zeroB));
    Value step = builder.constant("sy", Tensor.ofFloats(Shape.SCALAR, 7.3f));
    Value zero = builder.constant("zy", Tensor.scalar(ElementType.INT8, 0));
    Value y =
        toFloat
            ? builder.call(
                "y",
                QuantOps.Q_MAT_MUL,
                Attributes.NONE,
                left,
                scale,
                zeroOfA,
                right,
                scale,
                zeroOfB)
            : builder.call(
                "y",
                QuantOps.Q_MAT_MUL,
                Attributes.NONE,
                left,
                scale,
                zeroOfA,
                right,
                scale,
                zeroOfB,
                null,
                step,
                zero);
    return builder.output(y).build();
  }

  /** Depths lie on both sides of those from which sums are proved exact one by one. */
  @ParameterizedTest
  @CsvSource({
    "INT8, 0, INT8, 0, true", "INT8, 0, INT8, 0, false",
    "UINT8, 0, INT8, 0, false", "UINT8, 0, INT8, 0, true",
    "UINT8, 255, UINT8, 255, true", "INT8, 127, UINT8, 0, false"
  })
  void productsOfHeadsAreThoseOfTheReference(
      ElementType left, int zeroA, ElementType right, int zeroB, boolean toFloat) {
    Random random = new Random(5);
    for (int depth : new int[] {1, 15, 16, 64, 256, 257, 258, 300, 2100}) {
      for (boolean extreme : new boolean[] {false, true}) {
        Tensor a = bytes(left, random, extreme, 2, HEADS, 5, depth);
        Tensor b = bytes(right, random, extreme, 2, HEADS, depth, 17);
        Graph graph = product(a.type(), zeroA, b.type(), zeroB, toFloat);
        Map<String, Tensor> feed = Map.of("a", a, "b", b);

        try (InferenceSession session = InferenceSession.of(graph)) {
          assertThat(session.plan(Map.of()).steps())
              .extracting(step -> step.kernel())
              .containsExactly("QBatchedProductKernel");
          assertThat(session.run(feed))
              .as("depth %d, extreme %s", depth, extreme)
              .isEqualTo(new ReferenceInterpreter().prepare(graph).evaluate(feed));
        }
      }
    }
  }
}
