package dev.fixpoint.runtime.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.runtime.ExecutionOptions;
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
import org.junit.jupiter.api.Test;

/** Integer sums in several steps become one, with the same bits, and only where that is so. */
class StepwiseSumsTest {
  private static final Attributes TO_FLOAT =
      Attributes.NONE.with(Attribute.ofInt("to"), (long) ElementType.FLOAT.code());

  private final Random random = new Random(7);
  private final GraphBuilder graph = new GraphBuilder("stepwise");

  private Tensor bytes(ElementType type, long... sizes) {
    byte[] values = new byte[Math.toIntExact(Shape.of(sizes).elementCount())];
    random.nextBytes(values);
    return Tensor.ofBytes(type, Shape.of(sizes), values);
  }

  private Tensor scales(long... sizes) {
    double[] values = new double[Math.toIntExact(Shape.of(sizes).elementCount())];
    Arrays.setAll(values, _ -> 1e-3 * (0.1 + random.nextDouble()));
    return Tensor.ofDoubles(ElementType.FLOAT, Shape.of(sizes), values);
  }

  private static Tensor bias(long largest, long... sizes) {
    long[] values = new long[Math.toIntExact(Shape.of(sizes).elementCount())];
    Arrays.setAll(values, i -> i % 2 == 0 ? largest : -37 * i);
    return Tensor.ofLongs(ElementType.INT32, Shape.of(sizes), values);
  }

  private Value product(Value right, Tensor zero) {
    Value x = graph.input("x", TensorType.of(ElementType.UINT8, 5, 33));
    var op = QuantOps.REGISTRY.get(OpId.of("MatMulInteger"));
    return graph.call("sums", op, Attributes.NONE, x, right, graph.constant("zero", zero));
  }

  private Value weights() {
    return graph.constant("w", bytes(ElementType.INT8, 33, 17));
  }

  private Value scaled(Value sums, Tensor scale) {
    Value real = graph.call("real", StandardOps.CAST, TO_FLOAT, sums);
    Value factor = graph.constant("scale", scale);
    return graph.call("scaled", StandardOps.MUL, Attributes.NONE, real, factor);
  }

  private Value quantized(Value real, float scale) {
    return graph.call(
        "y",
        QuantOps.QUANTIZE_LINEAR,
        Attributes.NONE,
        real,
        graph.constant("step", Tensor.scalar(ElementType.FLOAT, scale)),
        graph.constant("y_zero", Tensor.scalar(ElementType.UINT8, 3)));
  }

  private Value add(Value sums, Tensor bias) {
    Value constant = graph.constant("bias", bias);
    return graph.call("biased", StandardOps.ADD, Attributes.NONE, sums, constant);
  }

  private static Tensor zero(long... values) {
    return Tensor.ofLongs(ElementType.UINT8, Shape.of(values.length), values);
  }

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(Node::opId).map(OpId::name).toList();
  }

  private void assertJoined(Graph made, Map<String, Tensor> feed, String... operators) {
    assertThat(operators(StepwiseSums.joined(made, Set.of()))).containsExactly(operators);
    try (var fast = InferenceSession.of(made);
        var slow = InferenceSession.of(made, ExecutionOptions.DEFAULT.withReference(true))) {
      assertThat(fast.run(feed)).isEqualTo(slow.run(feed));
    }
  }

  private Map<String, Tensor> rows() {
    return Map.of("x", bytes(ElementType.UINT8, 5, 33));
  }

  @Test
  void aBiasedScaledAndRoundedProductIsOneStep() {
    Value biased = add(product(weights(), zero(9)), bias(10_000, 17));
    Graph made = graph.output(quantized(scaled(biased, scales(17)), 1)).build();
    assertJoined(made, rows(), "QMatMul");
  }

  @Test
  void aProductOfComputedMatricesIsOneStepToo() {
    Value right = graph.input("right", TensorType.of(ElementType.UINT8, 33, 17));
    Graph made = graph.output(scaled(product(right, zero(9)), scales())).build();
    var feed =
        Map.of("x", bytes(ElementType.UINT8, 5, 33), "right", bytes(ElementType.UINT8, 33, 17));
    assertJoined(made, feed, "QMatMul");
  }

  @Test
  void aConvolutionIsOneStepWithItsBiasAlongTheChannels() {
    Value x = graph.input("x", TensorType.of(ElementType.UINT8, 2, 3, 9, 9));
    Value w = graph.constant("w", bytes(ElementType.INT8, 8, 3, 3, 3));
    Value zero = graph.constant("zero", zero(128));
    Attributes pads = Attributes.NONE.with(Attribute.ofInts("pads"), List.of(1L, 1L, 1L, 1L));
    Value sums = graph.call("sums", QuantOps.CONV_INTEGER, pads, x, w, zero);
    Value real = scaled(add(sums, bias(9_999, 8, 1, 1)), scales(8, 1, 1));
    Graph made = graph.output(quantized(real, 1)).build();
    assertJoined(made, Map.of("x", bytes(ElementType.UINT8, 2, 3, 9, 9)), "QConv");
  }

  @Test
  void aStepOfTheOutputThatIsNotOneStaysAStep() {
    Value real = scaled(product(weights(), zero(9)), scales(17));
    Graph made = graph.output(quantized(real, 0.3f)).build();
    assertJoined(made, rows(), "QMatMul", "QuantizeLinear");
  }

  @Test
  void sumsThatMightLeaveTheirBitsStayAsTheyAre() {
    Value biased = add(product(weights(), zero(9)), bias(Integer.MAX_VALUE - 1_000_000, 17));
    Graph made = graph.output(scaled(biased, scales(17))).build();
    assertThat(operators(StepwiseSums.joined(made, Set.of())))
        .containsExactly("MatMulInteger", "Add", "Cast", "Mul");
  }

  @Test
  void aZeroPointForEachRowStaysAsItIs() {
    Graph made = graph.output(scaled(product(weights(), zero(1, 2, 3, 4, 5)), scales(17))).build();
    assertJoined(made, rows(), "MatMulInteger", "Cast", "Mul");
  }

  @Test
  void scalesAlongAnotherAxisStayAsTheyAre() {
    Graph made = graph.output(scaled(product(weights(), zero(1)), scales(5, 1))).build();
    assertJoined(made, rows(), "MatMulInteger", "Cast", "Mul");
  }

  @Test
  void sumsThatSomebodySeesStayComputed() {
    Value sums = product(weights(), zero(1));
    Graph made = graph.output(scaled(sums, scales(17))).output(sums).build();
    assertJoined(made, rows(), "MatMulInteger", "Cast", "Mul");
  }

  @Test
  void aTableReadByBytesIsOneStep() {
    Value x = graph.input("x", TensorType.of(ElementType.INT8, 3, 100));
    Attributes toInt = Attributes.NONE.with(Attribute.ofInt("to"), (long) ElementType.INT32.code());
    Value index = graph.call("index", StandardOps.CAST, toInt, x);
    Value table = graph.constant("table", bytes(ElementType.UINT8, 256));
    var gather = StandardOps.registry().get(OpId.of("Gather"));
    Graph made = graph.output(graph.call("y", gather, Attributes.NONE, table, index)).build();
    assertThat(operators(TableLookups.joined(made, Set.of()))).containsExactly("QTable");
    assertThat(operators(TableLookups.joined(made, Set.of(index))))
        .containsExactly("Cast", "Gather");
    assertJoined(made, Map.of("x", bytes(ElementType.INT8, 3, 100)), "Cast", "Gather");
  }
}
