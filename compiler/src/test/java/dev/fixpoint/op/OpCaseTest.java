package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.RangeAnalysis;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The case files {@code ops/Name.case}, one for each operator of the catalogue: graphs in ONNX text
 * with symbolic dimensions, separated by empty lines. Each is read, written back, and run with
 * drawn sizes and inputs; types and ranges have to hold what comes out.
 */
class OpCaseTest {
  private static final int DRAWS = 5;

  /** Random operators, and forms of old opsets that are lifted to others on reading. */
  private static final Set<String> WITHOUT_CASE =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Scatter");

  static Stream<OpDefinition> operators() {
    return StandardOps.registry().plus(QuantOps.REGISTRY).definitions().stream()
        .filter(op -> !WITHOUT_CASE.contains(op.id().name()));
  }

  private static List<String> cases(OpDefinition op) throws IOException {
    String file = "/dev/fixpoint/ops/" + name(op) + ".case";
    try (InputStream stream = OpCaseTest.class.getResourceAsStream(file)) {
      assertThat(stream).as("the case file %s", file).isNotNull();
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("\n\n+"));
    }
  }

  /** Two operators of the same name are told apart by the domain of ONNX Runtime's. */
  private static String name(OpDefinition op) {
    boolean contributed = op.id().domain().equals(OpId.MICROSOFT);
    return contributed ? op.id().toString() : op.id().name();
  }

  private static Graph read(OpDefinition op, String text) {
    Graph graph = OnnxTextReader.read(op.id().name() + ".case", text);
    // A Constant node becomes an initializer on reading.
    if (op != StandardOps.CONSTANT) {
      assertThat(graph.nodes().stream().map(node -> node.op().id()).toList()).contains(op.id());
    }
    return graph;
  }

  @ParameterizedTest
  @MethodSource("operators")
  void writingAndReadingGivesTheSameText(OpDefinition op) throws IOException {
    for (String text : cases(op)) {
      String written = OnnxTextWriter.toText(read(op, text));
      Graph again = OnnxTextReader.read("written", written);
      assertThat(OnnxTextWriter.toText(again)).isEqualTo(written);
    }
  }

  @ParameterizedTest
  @MethodSource("operators")
  void typesAndRangesHoldWhatComesOut(OpDefinition op) throws IOException {
    Random random = new Random(op.id().hashCode());
    for (String text : cases(op)) {
      Graph graph = read(op, text);
      for (int draw = 0; draw < DRAWS; draw++) {
        run(graph, random);
      }
    }
  }

  private static void run(Graph graph, Random random) {
    Map<String, Long> sizes = new HashMap<>();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    Map<String, Range> inputRanges = new HashMap<>();
    for (Value input : graph.inputs()) {
      Tensor tensor = drawn(graph.type(input), sizes, random);
      inputs.put(input.name(), tensor);
      if (tensor.elementType().isNumeric()) {
        inputRanges.put(input.name(), Range.ofTensor(tensor).uniform());
      }
    }
    Map<Value, Range> ranges = RangeAnalysis.of(graph, inputRanges);
    Set<Value> taps = new HashSet<>(graph.values());
    new ReferenceInterpreter()
        .prepare(graph, taps)
        .evaluate(inputs, (value, tensor) -> check(graph, value, tensor, sizes, ranges));
  }

  private static void check(
      Graph graph, Value value, Tensor tensor, Map<String, Long> sizes, Map<Value, Range> ranges) {
    TensorType type = graph.type(value);
    assertThat(type.isCompatibleWith(tensor.type()))
        .as("'%s' of type %s is %s", value.name(), type, tensor.type())
        .isTrue();
    for (int axis = 0; type.shape().isRanked() && axis < type.shape().rank(); axis++) {
      if (type.shape().dimension(axis) instanceof Dimension.Symbolic(String name)
          && sizes.containsKey(name)) {
        assertThat(tensor.shape().size(axis))
            .as("%s of '%s'", name, value)
            .isEqualTo(sizes.get(name));
      }
    }
    Range range = ranges.get(value);
    if (range != null && tensor.elementType().isNumeric()) {
      double[] values = tensor.toDoubles();
      for (int i = 0; i < values.length; i++) {
        Interval interval = range.at(i, tensor.shape());
        assertThat(interval.contains(values[i]))
            .as("%s in %s of '%s'", values[i], interval, value.name())
            .isTrue();
      }
    }
  }

  private static Tensor drawn(TensorType type, Map<String, Long> sizes, Random random) {
    long[] shape =
        type.shape().dimensions().stream().mapToLong(d -> size(d, sizes, random)).toArray();
    ElementType elements = type.elementType();
    int count = Math.toIntExact(Shape.of(shape).elementCount());
    if (elements.isFloat()) {
      double[] values = new double[count];
      Arrays.setAll(values, _ -> 0.25 + 1.75 * random.nextDouble());
      return Tensor.ofDoubles(elements, Shape.of(shape), values);
    }
    if (elements == ElementType.STRING) {
      return Tensor.ofStrings(
          Shape.of(shape), Stream.generate(() -> text(random)).limit(count).toList());
    }
    long[] values = new long[count];
    Arrays.setAll(values, _ -> random.nextInt(2));
    return Tensor.ofLongs(elements, Shape.of(shape), values);
  }

  private static String text(Random random) {
    return List.of("a", "a b", "two words").get(random.nextInt(3));
  }

  private static long size(@Nullable Dimension dimension, Map<String, Long> sizes, Random random) {
    return switch (dimension) {
      case Dimension.Fixed fixed -> fixed.size();
      case Dimension.Symbolic symbolic ->
          sizes.computeIfAbsent(symbolic.name(), _ -> 1L + random.nextInt(4));
      case null, default -> throw new IllegalArgumentException("give the dimension a name");
    };
  }
}
