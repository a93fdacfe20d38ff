package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What our runtime makes of graphs that others compute wrongly, and what they make of them. */
final class RuntimeFailures {
  private static final Shape PICTURE = Shape.of(1, 16, 64, 64);

  private RuntimeFailures() {}

  private static Map<String, Tensor> inputs(Graph graph) {
    return switch (graph.name()) {
      case "floats" -> Map.of("x", bytes(Shape.of(1, 2, 8, 8)));
      case "pairs" -> Map.of("x", QuantizerFailures.inputs(graph, 1).get("x"));
      case "signed" ->
          Map.of(
              "x",
              Tensor.ofLongs(ElementType.INT8, Shape.of(2, 2), -128, -1, 0, 127),
              "shape",
              Tensor.vector(4));
      case "arithmetic" -> {
        long[] all = LongStream.range(0, 256).toArray();
        yield Map.of(
            "a",
            Tensor.ofLongs(ElementType.UINT8, Shape.of(256, 1), all),
            "b",
            Tensor.ofLongs(ElementType.UINT8, Shape.of(1, 256), all),
            "p",
            neighbours());
      }
      case "bytes" -> Map.of("x", bytes(PICTURE));
      case "far" ->
          Map.of(
              "x",
              Tensor.ofFloats(
                  Shape.of(5),
                  1e12f,
                  -1e12f,
                  Float.POSITIVE_INFINITY,
                  Float.NEGATIVE_INFINITY,
                  Float.MAX_VALUE));
      case "ties" ->
          Map.of(
              "x",
              Tensor.ofLongs(
                  ElementType.UINT8, Shape.of(1, 1, 1, 16), LongStream.range(0, 16).toArray()));
      case "zeros" -> Map.of("x", Tensor.ofFloats(Shape.of(4), 0, 0, 0, 0));
      default -> throw new IllegalArgumentException("no inputs for " + graph.name());
    };
  }

  private static Tensor bytes(Shape shape) {
    long[] integers = new Random(5).longs(shape.elementCount(), 0, 256).toArray();
    return Tensor.ofLongs(ElementType.UINT8, shape, integers);
  }

  /** Neighbours whose sums take every value from 0 to 510. */
  private static Tensor neighbours() {
    long[] integers =
        IntStream.rangeClosed(0, 510)
            .boxed()
            .flatMap(sum -> IntStream.of(sum / 2, sum - sum / 2).boxed())
            .mapToLong(Integer::longValue)
            .toArray();
    return Tensor.ofLongs(ElementType.UINT8, Shape.of(1, 1, 1, 1022), integers);
  }

  private static Map<String, Tensor> run(Graph graph) {
    Graph lowered = new Compiler(CompilerOptions.DEFAULT).lower(graph).graph();
    try (InferenceSession session = InferenceSession.of(lowered)) {
      return session.run(inputs(graph));
    }
  }

  /** Lowered and on fast kernels: the same bits as the file's own operators. */
  static String runsAsWritten(Graph graph) {
    assertThat(run(graph)).isEqualTo(QuantizerFailures.evaluate(graph, inputs(graph)));
    return "the bits of the file as written";
  }

  /** Sum and product as written; the mean is that of the integers, rounded once, ties to even. */
  static String roundsOnce(Graph graph) {
    Map<String, Tensor> written = QuantizerFailures.evaluate(graph, inputs(graph));
    Map<String, Tensor> actual = run(graph);

    assertThat(actual.get("sum")).isEqualTo(written.get("sum"));
    assertThat(actual.get("product")).isEqualTo(written.get("product"));
    long zeroPoint = 3;
    for (int sum = 0; sum <= 510; sum++) {
      long mean = (long) Math.rint((sum - 2 * zeroPoint) / 2.0) + zeroPoint;
      assertThat(actual.get("mean").longAt(sum)).isEqualTo(mean);
    }
    return "the bits of the file as written; the mean rounded once, ties to even";
  }

  static String kernelsAreExact(Graph graph) {
    assertThat(run(graph)).isEqualTo(QuantizerFailures.evaluate(graph, inputs(graph)));
    if (graph.name().equals("ties")) {
      // Halves of odd sums: 0.5, 1.5, 2.5 become 0, 2, 2, and 3 is added after that.
      assertThat(run(graph).get("y").toLongs())
          .containsExactly(3, 3, 4, 5, 5, 5, 6, 7, 7, 7, 8, 9, 9, 9, 10, 11);
    }
    return "exact";
  }

  static String saturates(Graph graph) {
    assertThat(run(graph).get("y").toLongs()).containsExactly(255, 0, 255, 0, 255);
    return "255 and 0";
  }

  static String zerosAreExact(Graph graph) {
    Map<String, Tensor> outputs = run(graph);

    assertThat(outputs.get("y").toLongs()).containsOnly(0);
    assertThat(outputs.get("z").longAt(0)).isZero();
    return "scale " + outputs.get("s").doubleAt(0) + ", zeros stay zeros";
  }

  /** Half-way numbers are decided by a true division; the reciprocal decides some otherwise. */
  static String divides(Graph graph) {
    float scale = 0.0123f;
    float[] values = new float[2000];
    int otherwise = 0;
    long[] expected = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 255 - 127.5f) * scale;
      expected[i] = Math.clamp((long) Math.rint(values[i] / scale) + 128, 0, 255);
      long reciprocal = Math.clamp((long) Math.rint(values[i] * (1 / scale) + 128), 0, 255);
      otherwise += reciprocal == expected[i] ? 0 : 1;
    }
    Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(2000), values));
    Tensor y = QuantizerFailures.evaluate(graph, inputs).get("y");
    for (int i = 0; i < values.length; i++) {
      assertThat(y.doubleAt(i)).isEqualTo((float) ((expected[i] - 128) * (double) scale));
    }
    assertThat(otherwise).isPositive();
    return String.format(
        Locale.ROOT, "a true division; the reciprocal decides %d of 2,000 otherwise", otherwise);
  }

  /** How far the peer's own rewriting of the graph moves its results. */
  static String peerRewrites(Graph graph) throws OrtException {
    Map<String, Tensor> inputs = inputs(graph);
    return compared(Peer.AS_WRITTEN.run(graph, inputs), Peer.OPTIMIZING.run(graph, inputs));
  }

  /** How far the peer is from the specification. */
  static String peerDiffers(Graph graph) throws OrtException {
    Map<String, Tensor> inputs = inputs(graph);
    return compared(QuantizerFailures.evaluate(graph, inputs), Peer.OPTIMIZING.run(graph, inputs));
  }

  private static String compared(Map<String, Tensor> expected, Map<String, Tensor> actual) {
    StringBuilder text = new StringBuilder();
    expected.forEach(
        (name, tensor) -> {
          Tensor other = actual.get(name);
          long different =
              LongStream.range(0, tensor.elementCount())
                  .filter(i -> tensor.bitsAt(i) != other.bitsAt(i))
                  .count();
          text.append(text.isEmpty() ? "" : ", ")
              .append(name)
              .append(": ")
              .append(different)
              .append(" of ")
              .append(tensor.elementCount())
              .append(" differ, by up to ")
              .append(QuantizerFailures.number(QuantizerFailures.difference(tensor, other)));
        });
    return text.toString();
  }
}
