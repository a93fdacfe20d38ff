package dev.fixpoint.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Concat;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.KernelRegistry;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans and sessions: layouts, memory, shapes, taps, threads and errors. */
class PlanTest {
  private static final TensorType IMAGES =
      new TensorType(
          ElementType.FLOAT,
          Shape.of(
              List.of(Dimension.of("N"), Dimension.of(3), Dimension.of(12), Dimension.of(12))));

  private final Random random = new Random(7);

  private Tensor floats(long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(shape, values);
  }

  private Attributes pads() {
    return Attributes.NONE.with(WindowGeometry.PADS, List.of(1L, 1L, 1L, 1L));
  }

  /** Two convolutions with Relu between, a flattening and a product. */
  private Graph network() {
    GraphBuilder graph = new GraphBuilder("network");
    Value x = graph.input("x", IMAGES);
    Value w1 = graph.constant("w1", floats(8, 3, 3, 3));
    Value w2 = graph.constant("w2", floats(4, 8, 3, 3));
    Value w3 = graph.constant("w3", floats(4 * 12 * 12, 5));
    Value a = graph.call("a", StandardOps.CONV, pads(), x, w1);
    Value b = graph.call("b", StandardOps.RELU, Attributes.NONE, a);
    Value c = graph.call("c", StandardOps.CONV, pads(), b, w2);
    Value d = graph.call("d", StandardOps.FLATTEN, Attributes.NONE, c);
    graph.output(graph.call("y", StandardOps.GEMM, Attributes.NONE, d, w3));
    return graph.build();
  }

  private static Map<String, Tensor> reference(Graph graph, Map<String, Tensor> inputs) {
    try (var session = InferenceSession.of(graph, ExecutionOptions.DEFAULT.withReference(true))) {
      return session.run(inputs);
    }
  }

  private static double distance(Tensor a, Tensor b) {
    double[] x = a.toDoubles();
    double[] y = b.toDoubles();
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      worst = Math.max(worst, Math.abs(x[i] - y[i]));
    }
    return worst;
  }

  @Test
  void imagesStayChannelsLastBetweenConvolutions() {
    try (var session = InferenceSession.of(network())) {
      ExecutionPlan plan = session.plan(Map.of("x", Shape.of(2, 3, 12, 12)));
      assertThat(plan.steps())
          .extracting(ExecutionPlan.Step::operator)
          .containsExactly("Layout", "Conv", "Relu", "Conv", "Layout", "Gemm");
      assertThat(plan.steps().subList(0, 4))
          .allMatch(step -> step.layout() == Layout.CHANNELS_LAST);
    }
  }

  @Test
  void memoryIsReusedOnceNobodyReadsIt() {
    try (var session = InferenceSession.of(network())) {
      ExecutionPlan plan = session.plan(Map.of("x", Shape.of(1, 3, 12, 12)));
      long largestPair = 4L * 12 * 12 * (8 + 8);
      assertThat(plan.arenaBytes()).isLessThanOrEqualTo(largestPair);
    }
  }

  @Test
  void everyBatchSizeGetsItsOwnPlanOverTheSameWeights() {
    Graph graph = network();
    try (var session = InferenceSession.of(graph)) {
      for (int batch : new int[] {1, 3, 2, 1}) {
        Map<String, Tensor> feed = Map.of("x", floats(batch, 3, 12, 12));
        Tensor y = session.run(feed).get("y");
        assertThat(y.shape()).isEqualTo(Shape.of(batch, 5));
        Tensor expected = reference(graph, feed).get("y");
        double magnitude = 0;
        for (double value : expected.toDoubles()) {
          magnitude = Math.max(magnitude, Math.abs(value));
        }
        int depth = 27 + 72 + 576;
        double bound = depth * 0x1p-24 * depth * magnitude;
        assertThat(distance(y, expected)).isLessThan(bound);
      }
    }
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    Graph graph = network();
    Map<String, Tensor> feed = Map.of("x", floats(5, 3, 12, 12));
    try (var one = InferenceSession.of(graph);
        var three = InferenceSession.of(graph, ExecutionOptions.DEFAULT.withThreads(3))) {
      assertThat(three.run(feed)).isEqualTo(one.run(feed));
    }
  }

  @Test
  void oneSessionServesManyThreads() throws Exception {
    try (var session = InferenceSession.of(network(), ExecutionOptions.DEFAULT.withThreads(2));
        var pool = Executors.newFixedThreadPool(4)) {
      List<Map<String, Tensor>> feeds = new ArrayList<>();
      List<Map<String, Tensor>> expected = new ArrayList<>();
      List<Callable<Map<String, Tensor>>> runs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Map<String, Tensor> feed = Map.of("x", floats(1 + i % 3, 3, 12, 12));
        feeds.add(feed);
        expected.add(session.run(feed));
        runs.add(() -> session.run(feed));
      }
      List<Map<String, Tensor>> actual = new ArrayList<>();
      for (var future : pool.invokeAll(runs)) {
        actual.add(future.get());
      }
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void tapsSeeValuesInTheLayoutOfTheModel() {
    Graph graph = network();
    Value b = graph.find("b").orElseThrow();
    Value x = graph.inputs().getFirst();
    Map<String, Tensor> feed = Map.of("x", floats(2, 3, 12, 12));
    List<Tensor> fast = new ArrayList<>();
    List<Tensor> slow = new ArrayList<>();
    new RuntimeEvaluator()
        .prepare(graph, Set.of(b))
        .evaluate(feed, (value, tensor) -> fast.add(tensor));
    new RuntimeEvaluator(ExecutionOptions.DEFAULT.withReference(true))
        .prepare(graph, Set.of(b))
        .evaluate(feed, (value, tensor) -> slow.add(tensor));
    assertThat(fast).hasSize(1);
    assertThat(fast.getFirst().type()).isEqualTo(slow.getFirst().type());
    double largest = 27 * 4 * 4;
    assertThat(distance(fast.getFirst(), slow.getFirst())).isLessThan(largest * 27 * 0x1p-24);
    List<Tensor> inputs = new ArrayList<>();
    new RuntimeEvaluator()
        .prepare(graph, Set.of(x))
        .evaluate(feed, (value, tensor) -> inputs.add(tensor));
    assertThat(inputs).containsExactly(feed.get("x"));
  }

  /** A reader that needs another layout comes after the step that makes the value. */
  @Test
  void tapsDoNotWaitForAnotherLayout() {
    GraphBuilder graph = new GraphBuilder("tapped");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 1, 3, 8, 8));
    Value w = graph.constant("w", floats(8, 3, 3, 3));
    Value c = graph.call("c", StandardOps.CONV, Attributes.NONE, x, w);
    Value shape = graph.constant("shape", Tensor.vector(1, 8, 36));
    Value r = graph.call("r", StandardOps.RESHAPE, Attributes.NONE, c, shape);
    Graph built = graph.output(graph.call("y", StandardOps.RELU, Attributes.NONE, r)).build();
    Map<String, Tensor> feed = Map.of("x", floats(1, 3, 8, 8));
    List<Tensor> seen = new ArrayList<>();

    Tensor y =
        new RuntimeEvaluator()
            .prepare(built, Set.of(c))
            .evaluate(feed, (_, tensor) -> seen.add(tensor))
            .values()
            .iterator()
            .next();

    float[] positive = seen.getFirst().toFloats();
    for (int i = 0; i < positive.length; i++) {
      positive[i] = Math.max(positive[i], 0);
    }
    assertThat(y).isEqualTo(Tensor.ofFloats(y.shape(), positive));
  }

  /** An identity lies where its input does, which is not yet where a later reader wants it. */
  @Test
  void tapsOfIdentitiesSeeWhatTheirInputHolds() {
    GraphBuilder graph = new GraphBuilder("identities");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 1, 3, 8, 8));
    Value w = graph.constant("w", floats(8, 3, 3, 3));
    Value c = graph.call("c", StandardOps.CONV, Attributes.NONE, x, w);
    Value same = graph.call("same", StandardOps.IDENTITY, Attributes.NONE, c);
    Value shape = graph.constant("shape", Tensor.vector(1, 8, 36));
    Value r = graph.call("r", StandardOps.RESHAPE, Attributes.NONE, same, shape);
    Value first = graph.call("first", StandardOps.NEG, Attributes.NONE, r);
    Value second = graph.call("second", StandardOps.NEG, Attributes.NONE, first);
    Value unread = graph.call("unread", StandardOps.IDENTITY, Attributes.NONE, c);
    Graph built = graph.output(second).build();
    Map<Value, Tensor> seen = new HashMap<>();

    new RuntimeEvaluator()
        .prepare(built, Set.of(c, same, r, unread))
        .evaluate(Map.of("x", floats(1, 3, 8, 8)), seen::put);

    assertThat(seen.get(same)).isEqualTo(seen.get(c));
    assertThat(seen.get(unread)).isEqualTo(seen.get(c));
    assertThat(seen.get(r).toFloats()).isEqualTo(seen.get(c).toFloats());
  }

  /** A part of a concatenation that lies where another value does must not move that one. */
  @Test
  void anIdentityInAConcatLeavesItsInputToOtherReaders() {
    GraphBuilder graph = new GraphBuilder("shared");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 1, 3, 8, 8));
    Value a =
        graph.call(
            "a", StandardOps.CONV, Attributes.NONE, x, graph.constant("v", floats(8, 3, 3, 3)));
    Value same = graph.call("same", StandardOps.IDENTITY, Attributes.NONE, a);
    Value b =
        graph.call(
            "b", StandardOps.CONV, Attributes.NONE, x, graph.constant("w", floats(8, 3, 3, 3)));
    Attributes channels = Attributes.NONE.with(Concat.AXIS, 1L);
    Value whole = graph.call("whole", StandardOps.CONCAT, channels, same, b);
    Value last =
        graph.call(
            "last",
            StandardOps.CONV,
            Attributes.NONE,
            whole,
            graph.constant("u", floats(4, 16, 1, 1)));
    Graph built =
        graph.output(graph.call("p", StandardOps.RELU, Attributes.NONE, a)).output(last).build();
    Map<String, Tensor> feed = Map.of("x", floats(1, 3, 8, 8));

    Map<String, Tensor> fast = new RuntimeEvaluator().prepare(built).evaluate(feed);
    Map<String, Tensor> slow =
        new RuntimeEvaluator(ExecutionOptions.DEFAULT.withReference(true))
            .prepare(built)
            .evaluate(feed);

    double largest = 27 * 4 * 4;
    assertThat(distance(fast.get("p"), slow.get("p"))).isLessThan(largest * 27 * 0x1p-24);
    assertThat(distance(fast.get("last"), slow.get("last")))
        .isLessThan(16 * 4 * largest * (27 + 16) * 0x1p-24);
  }

  @Test
  void theShareOfIntegerWorkIsCountedInMultiplyAccumulates() {
    GraphBuilder graph = new GraphBuilder("half");
    Value x = graph.input("x", TensorType.of(ElementType.UINT8, 4, 8));
    Value scale = graph.constant("s", Tensor.scalar(ElementType.FLOAT, 0.5));
    byte[] bytes = new byte[8 * 6];
    random.nextBytes(bytes);
    Value w = graph.constant("w", Tensor.ofBytes(ElementType.INT8, Shape.of(8, 6), bytes));
    Value a =
        graph.call(
            "a",
            QuantOps.REGISTRY.get(OpId.fixpoint("QMatMul")),
            Attributes.NONE,
            x,
            scale,
            null,
            w,
            scale);
    Value v = graph.constant("v", floats(6, 2));
    graph.output(graph.call("y", StandardOps.MAT_MUL, Attributes.NONE, a, v));
    try (var session = InferenceSession.of(graph.build())) {
      ExecutionPlan plan = session.plan(Map.of());
      assertThat(plan.multiplyAccumulates()).isEqualTo(4 * 8 * 6 + 4 * 6 * 2);
      assertThat(plan.integerMacShare()).isEqualTo(192.0 / 240);
    }
  }

  /** A product whose left side is quantized by its own range, step by step as files have it. */
  private Graph dynamicProduct() {
    GraphBuilder graph = new GraphBuilder("dynamic");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 5, 33));
    List<Value> q =
        graph.call(
            "q",
            QuantOps.REGISTRY.get(OpId.of("DynamicQuantizeLinear")),
            Attributes.NONE,
            List.of(x),
            3);
    byte[] bytes = new byte[33 * 40];
    random.nextBytes(bytes);
    Value w = graph.constant("w", Tensor.ofBytes(ElementType.INT8, Shape.of(33, 40), bytes));
    var product = QuantOps.REGISTRY.get(OpId.of("MatMulInteger"));
    Value sums = graph.call("sums", product, Attributes.NONE, q.get(0), w, q.get(2));
    Attributes toFloat =
        Attributes.NONE.with(Attribute.ofInt("to"), (long) ElementType.FLOAT.code());
    Value real = graph.call("real", StandardOps.CAST, toFloat, sums);
    Value scales = graph.constant("scales", floats(40));
    Value step = graph.call("step", StandardOps.MUL, Attributes.NONE, q.get(1), scales);
    Value scaled = graph.call("scaled", StandardOps.MUL, Attributes.NONE, real, step);
    Value bias = graph.constant("bias", floats(40));
    return graph.output(graph.call("y", StandardOps.ADD, Attributes.NONE, scaled, bias)).build();
  }

  @Test
  void aDynamicProductIsOneStepWithTheBitsOfItsParts() {
    Graph graph = dynamicProduct();
    Map<String, Tensor> feed = Map.of("x", floats(5, 33));
    try (var session = InferenceSession.of(graph)) {
      assertThat(session.plan(Map.of()).steps())
          .extracting(ExecutionPlan.Step::kernel)
          .containsExactly("DynamicQuantizeKernel", "DynamicProductKernel");
      assertThat(session.run(feed)).isEqualTo(reference(graph, feed));
    }
  }

  @ParameterizedTest
  @EnumSource(KernelChoice.class)
  void everySessionChoosesItsKernels(KernelChoice choice) {
    Graph graph = dynamicProduct();
    Map<String, Tensor> feed = Map.of("x", floats(5, 33));
    ExecutionOptions options = ExecutionOptions.DEFAULT.withChoice(choice);
    try (var session = InferenceSession.of(graph, options)) {
      assertThat(session.run(feed)).isEqualTo(reference(graph, feed));
    }
  }

  /** Two convolutions of one image, joined along the channels. */
  private Graph joinedConvolutions() {
    GraphBuilder graph = new GraphBuilder("joined");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 1, 3, 12, 12));
    Value a = graph.call("a", StandardOps.CONV, pads(), x, graph.constant("w", floats(8, 3, 3, 3)));
    Value b = graph.call("b", StandardOps.CONV, pads(), x, graph.constant("v", floats(5, 3, 3, 3)));
    Attributes channels = Attributes.NONE.with(Concat.AXIS, 1L);
    Value c = graph.call("c", StandardOps.CONCAT, channels, a, b);
    Value d =
        graph.call("d", StandardOps.CONV, pads(), c, graph.constant("u", floats(2, 13, 3, 3)));
    return graph.output(d).build();
  }

  @Test
  void partsOfAConcatenationAreWrittenWhereTheyBelong() {
    Graph graph = joinedConvolutions();
    Map<String, Tensor> feed = Map.of("x", floats(1, 3, 12, 12));
    try (var session = InferenceSession.of(graph)) {
      assertThat(session.plan(Map.of()).steps())
          .extracting(ExecutionPlan.Step::operator)
          .containsExactly("Layout", "Conv", "Conv", "Conv", "Layout");
      double largest = 13 * 9 * 27 * 4 * 4 * 4;
      Tensor expected = reference(graph, feed).get("d");
      assertThat(distance(session.run(feed).get("d"), expected))
          .isLessThan(largest * 13 * 9 * 0x1p-24);
    }
  }

  @Test
  void rowsOfAConcatenationFollowEachOtherWithoutACopy() {
    GraphBuilder graph = new GraphBuilder("rows");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 1, 3, 5));
    Value a = graph.call("a", StandardOps.RELU, Attributes.NONE, x);
    Value b = graph.call("b", StandardOps.NEG, Attributes.NONE, x);
    Attributes rows = Attributes.NONE.with(Concat.AXIS, 1L);
    Value c = graph.call("c", StandardOps.CONCAT, rows, a, b);
    Graph built = graph.output(c).output(a).build();
    Map<String, Tensor> feed = Map.of("x", floats(1, 3, 5));
    try (var session = InferenceSession.of(built)) {
      assertThat(session.plan(Map.of()).steps())
          .extracting(ExecutionPlan.Step::operator)
          .containsExactly("Relu", "Neg");
      assertThat(session.run(feed)).isEqualTo(reference(built, feed));
    }
  }

  @Test
  void outputsGoIntoTheCallersMemory() {
    Map<String, Tensor> feed = Map.of("x", floats(2, 3, 12, 12));
    float[] y = new float[2 * 5];
    try (var session = InferenceSession.of(network())) {
      session.run(feed, Map.of("y", MemorySegment.ofArray(y)));
      assertThat(session.run(feed).get("y").toFloats()).isEqualTo(y);
      assertThatThrownBy(() -> session.run(feed, Map.<String, MemorySegment>of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no memory for the output 'y'");
      MemorySegment small = MemorySegment.ofArray(new float[9]);
      assertThatThrownBy(() -> session.run(feed, Map.of("y", small)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'y' of type float[2,5] takes 40 bytes, but its memory has 36");
    }
  }

  @Test
  void anAccumulatorThatMayOverflowIsRefused() {
    GraphBuilder graph = new GraphBuilder("deep");
    int depth = 70_000;
    Value x = graph.input("x", TensorType.of(ElementType.UINT8, 1, depth));
    Value scale = graph.constant("s", Tensor.scalar(ElementType.FLOAT, 0.5));
    byte[] bytes = new byte[depth];
    Arrays.fill(bytes, (byte) -128);
    Value w = graph.constant("w", Tensor.ofBytes(ElementType.INT8, Shape.of(depth, 1), bytes));
    graph.output(
        graph.call(
            "deep",
            QuantOps.REGISTRY.get(OpId.fixpoint("QMatMul")),
            Attributes.NONE,
            x,
            scale,
            null,
            w,
            scale));
    try (var session = InferenceSession.of(graph.build())) {
      assertThatThrownBy(() -> session.plan(Map.of()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("deep")
          .hasMessageContaining("does not fit 32 bits");
    }
  }

  @Test
  void aMissingOrWrongInputIsNamed() {
    try (var session = InferenceSession.of(network())) {
      assertThatThrownBy(() -> session.run(Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'x'")
          .hasMessageContaining("missing");
      assertThatThrownBy(() -> session.run(Map.of("x", floats(1, 3, 12, 13))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("should be float[N,3,12,12]");
      assertThatThrownBy(() -> session.run(Map.of("x", floats(1, 3, 12, 12), "z", floats(1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no input [z]");
    }
  }

  @Test
  void anOperatorWithoutDefinitionIsNamed() {
    GraphBuilder graph = new GraphBuilder("unknown");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 2));
    graph.output(graph.call("odd", new OpaqueOp(OpId.of("Odd")), Attributes.NONE, x));
    try (var session = InferenceSession.of(graph.build())) {
      assertThatThrownBy(() -> session.run(Map.of("x", floats(2))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("Odd node 'odd'");
    }
  }

  @Test
  void aKernelOfOnesOwnIsAskedFirst() {
    Kernel negative =
        new Kernel() {
          @Override
          public boolean supports(KernelCall call) {
            return call.isArrayCall();
          }

          @Override
          public PreparedKernel prepare(KernelCall call) {
            int count = Math.toIntExact(call.outputType().shape().elementCount());
            return (operands, first, end, scratch) -> {
              for (int i = 0; i < count; i++) {
                operands.output().floats()[operands.output().offset() + i] = -1;
              }
            };
          }
        };
    GraphBuilder graph = new GraphBuilder("custom");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 3));
    graph.output(graph.call("y", StandardOps.RELU, Attributes.NONE, x));
    KernelRegistry registry = KernelRegistry.empty().plus(OpId.of("Relu"), negative);
    try (var session =
        InferenceSession.of(graph.build(), ExecutionOptions.DEFAULT.withKernels(registry))) {
      assertThat(session.run(Map.of("x", floats(3))).get("y"))
          .isEqualTo(Tensor.ofFloats(Shape.of(3), -1, -1, -1));
    }
  }

  @Test
  void aShapeThatDependsOnDataIsRunAllTheSame() {
    GraphBuilder graph = new GraphBuilder("positions");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT, 4));
    Value at = graph.call("at", StandardOps.registry().get(OpId.of("NonZero")), Attributes.NONE, x);
    graph.output(
        graph.call("y", StandardOps.registry().get(OpId.of("Transpose")), Attributes.NONE, at));
    try (var session = InferenceSession.of(graph.build())) {
      Tensor given = Tensor.ofFloats(Shape.of(4), 0, 2, 0, -1);
      assertThat(session.run(Map.of("x", given)).get("y").toLongs()).containsExactly(1, 3);
      Tensor other = Tensor.ofFloats(Shape.of(4), 5, 2, 1, -1);
      assertThat(session.run(Map.of("x", other)).get("y").toLongs()).containsExactly(0, 1, 2, 3);
    }
  }
}
