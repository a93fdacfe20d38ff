package dev.fixpoint.runtime.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Weights behind a DequantizeLinear stay as small as they are. Scales are powers of two here, with
 * which no weight is rounded, so that both forms mean the same numbers.
 */
class BlockedProductsTest {
  private static final int DEPTH = 80;
  private static final int COLUMNS = 33;

  private final Random random = new Random(3);
  private final GraphBuilder graph = new GraphBuilder("blocked");
  private final Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 3, DEPTH));

  private Tensor integers(ElementType type, Shape shape) {
    long[] values = new long[Math.toIntExact(shape.elementCount())];
    Arrays.setAll(values, _ -> type.minInteger() + random.nextInt(1 << type.bits()));
    return Tensor.ofLongs(type, shape, values);
  }

  private Tensor scales(Shape shape) {
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb(1f, -random.nextInt(8));
    }
    return Tensor.ofFloats(shape, values);
  }

  private Value weights(
      ElementType type, boolean transposed, long axis, long block, Shape parameters, boolean zero) {
    Shape shape = transposed ? Shape.of(COLUMNS, DEPTH) : Shape.of(DEPTH, COLUMNS);
    Attributes attributes = Attributes.NONE.with(QuantizeLinear.AXIS, axis);
    return graph.call(
        "w",
        QuantOps.DEQUANTIZE_LINEAR,
        block == 0 ? attributes : attributes.with(QuantizeLinear.BLOCK_SIZE, block),
        graph.constant("codes", integers(type, shape)),
        graph.constant("scales", scales(parameters)),
        zero ? graph.constant("zeros", integers(type, parameters)) : null);
  }

  private Value product(String op, Attributes attributes, Value w, @Nullable Value addend) {
    var definition =
        StandardOps.registry().get(op.startsWith("F") ? OpId.fixpoint(op) : OpId.of(op));
    return addend == null
        ? graph.call("y", definition, attributes, x, w)
        : graph.call("y", definition, attributes, x, w, addend);
  }

  private Tensor rows() {
    float[] values = new float[3 * DEPTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(Shape.of(3, DEPTH), values);
  }

  private static List<String> operators(Graph made) {
    return made.nodes().stream().map(Node::opId).map(OpId::name).toList();
  }

  private void assertJoined(Graph made, String... operators) {
    Graph joined = BlockedProducts.joined(made, Set.of());
    assertThat(operators(joined)).containsExactly(operators);
    Map<String, Tensor> feed = Map.of("x", rows());
    var reference = new ReferenceInterpreter();
    assertThat(reference.prepare(joined).evaluate(feed))
        .isEqualTo(reference.prepare(made).evaluate(feed));
    try (var session = InferenceSession.of(made)) {
      assertThat(session.plan(Map.of()).steps())
          .extracting(ExecutionPlan.Step::kernel)
          .startsWith("BlockedProductKernel")
          .doesNotContain("ReferenceKernel");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INT4, true",
    "INT4, false",
    "UINT4, true",
    "UINT4, false",
    "INT8, true",
    "UINT8, false"
  })
  void blocksOfEveryTypeAreFound(ElementType type, boolean zeros) {
    Value w = weights(type, false, 0, 32, Shape.of(3, COLUMNS), zeros);
    assertJoined(graph.output(product("MatMul", Attributes.NONE, w, null)).build(), "MatMulNBits");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void transposedBlocksWithABiasAreFound(boolean zeros) {
    Value w = weights(ElementType.INT4, true, 1, 16, Shape.of(COLUMNS, 5), zeros);
    Value bias = graph.constant("bias", scales(Shape.of(COLUMNS)));
    Attributes transposed = Attributes.NONE.with(Attribute.ofInt("transB"), 1L);
    assertJoined(graph.output(product("Gemm", transposed, w, bias)).build(), "MatMulNBits");
  }

  @Test
  void oneScaleForEachColumnOrForAllIsFound() {
    Value w = weights(ElementType.INT8, false, 1, 0, Shape.of(COLUMNS), true);
    assertJoined(graph.output(product("MatMul", Attributes.NONE, w, null)).build(), "MatMulNBits");
    GraphBuilder other = new GraphBuilder("other");
    Value input = other.input("x", TensorType.of(ElementType.FLOAT, 3, DEPTH));
    Value all =
        other.call(
            "w",
            QuantOps.DEQUANTIZE_LINEAR,
            Attributes.NONE,
            other.constant("codes", integers(ElementType.INT8, Shape.of(DEPTH, COLUMNS))),
            other.constant("scale", scales(Shape.SCALAR)));
    Value y = other.call("y", StandardOps.MAT_MUL, Attributes.NONE, input, all);
    assertJoined(other.output(y).build(), "MatMulNBits");
  }

  @Test
  void aReluBecomesAStepOfItsOwn() {
    Value w = weights(ElementType.INT4, false, 0, 16, Shape.of(5, COLUMNS), false);
    Attributes relu = new Activation.Relu().addTo(Attributes.NONE);
    assertJoined(
        graph.output(product("FusedMatMul", relu, w, null)).build(), "MatMulNBits", "Relu");
  }

  @Test
  void scalesAlongTheDepthAndWeightsThatAreSeenStayFloats() {
    Value w = weights(ElementType.INT8, false, 0, 0, Shape.of(DEPTH), true);
    Graph made = graph.output(product("MatMul", Attributes.NONE, w, null)).build();
    assertThat(BlockedProducts.joined(made, Set.of())).isSameAs(made);
    GraphBuilder other = new GraphBuilder("seen");
    Value input = other.input("x", TensorType.of(ElementType.FLOAT, 3, DEPTH));
    Value codes = other.constant("c", integers(ElementType.INT8, Shape.of(DEPTH, COLUMNS)));
    Value scale = other.constant("s", scales(Shape.SCALAR));
    Value seen = other.call("w", QuantOps.DEQUANTIZE_LINEAR, Attributes.NONE, codes, scale);
    Value y = other.call("y", StandardOps.MAT_MUL, Attributes.NONE, input, seen);
    Graph shown = other.output(y).output(seen).build();
    assertThat(BlockedProducts.joined(shown, Set.of())).isSameAs(shown);
  }

  @Test
  void fourBitsAreKeptAsFourBits() {
    Value w = weights(ElementType.INT4, false, 0, 16, Shape.of(5, COLUMNS), false);
    Graph made = graph.output(product("MatMul", Attributes.NONE, w, null)).build();
    try (var session = InferenceSession.of(made)) {
      // Half a byte of each weight and four of each scale, in whole vectors of columns.
      long padded = 64;
      long weights = padded * DEPTH / 2 + padded * 5 * Float.BYTES;
      long slack = 4L * (COLUMNS + 64 + 64);
      assertThat(session.plan(Map.of()).packedBytes()).isLessThanOrEqualTo(weights + slack);
    }
  }
}
