package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.fixpoint.SharedData;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every node of real networks in ONNX Runtime, one at a time with the inputs that the reference
 * hands it: its float32 arithmetic stays within the rounding bound at that point. And the networks
 * as a whole.
 */
class OnnxRuntimeAgreementTest {
  private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();

  /** Signal to error of a network as a whole, in decibels. */
  private static final double LEAST_DECIBELS = 80;

  private final Random random = new Random(20261121);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "digits/digits_rescnn.onnx",
        "digits/digits_mobile.onnx",
        "digits/digits_vit.onnx",
        "face/version-RFB-320.onnx"
      })
  void everyNodeStaysWithinTheRoundingBoundAtThatPoint(String network) throws Exception {
    Graph graph = OnnxReader.read(SharedData.path(network));
    Map<Value, Tensor> values = evaluated(graph);
    int compared = 0;
    for (Node node : graph.nodes()) {
      if (node.outputs().size() == 1 && isFloat(values.get(node.outputs().getFirst()))) {
        compared += compare(graph, node, values) ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(graph.nodes().size() / 2);
    assertEndToEnd(graph, values);
  }

  private static boolean isFloat(@Nullable Tensor tensor) {
    return tensor != null && tensor.elementType() == ElementType.FLOAT;
  }

  private Map<Value, Tensor> evaluated(Graph graph) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    Map<Value, Tensor> values = new HashMap<>(graph.initializers());
    for (Value input : graph.inputs()) {
      Tensor drawn = drawn(graph.type(input).shape());
      inputs.put(input.name(), drawn);
      values.put(input, drawn);
    }
    Set<Value> taps = new HashSet<>();
    graph.nodes().forEach(node -> taps.addAll(node.outputs()));
    new ReferenceInterpreter().prepare(graph, taps).evaluate(inputs, values::put);
    return values;
  }

  /** Gaussian numbers; a dimension that is not known is 2. */
  private Tensor drawn(Shape shape) {
    long[] sizes = new long[shape.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.dimension(i).isFixed() ? shape.size(i) : 2;
    }
    float[] drawn = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(Shape.of(sizes), drawn);
  }

  /** Compares a node that has a float input that is no constant; false where it has none. */
  private static boolean compare(Graph graph, Node node, Map<Value, Tensor> values)
      throws Exception {
    GraphBuilder single = new GraphBuilder("single");
    List<@Nullable Value> inputs = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    Map<String, Tensor> feed = new LinkedHashMap<>();
    for (Value input : node.inputs()) {
      Tensor tensor = input == null ? null : values.get(input);
      tensors.add(tensor);
      boolean varies = input != null && graph.constant(input) == null && isFloat(tensor);
      if (tensor == null) {
        inputs.add(null);
      } else if (varies) {
        Value fed = single.input("x" + inputs.size(), tensor.type());
        feed.put(fed.name(), tensor);
        inputs.add(fed);
      } else {
        inputs.add(single.constant("c" + inputs.size(), tensor));
      }
    }
    if (feed.isEmpty()) {
      return false;
    }
    single.output(single.call("y", node.op(), node.attributes(), inputs, 1).getFirst());
    Tensor expected = values.get(node.outputs().getFirst());
    Tensor actual = run(single.build(), feed).getFirst();
    OpCall call = OpCall.ofTensors(node.attributes(), tensors, 1);
    ErrorBound bound = node.op().machineError(call, List.of(expected)).getFirst();
    Verdict verdict = bound.check(expected, actual);
    assertThat(verdict.holds()).as("%s: %s", node.describe(), verdict).isTrue();
    return true;
  }

  private static List<Tensor> run(Graph graph, Map<String, Tensor> inputs)
      throws OrtException, IOException {
    Map<String, OnnxTensor> feed = new HashMap<>();
    for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
      FloatBuffer buffer = FloatBuffer.wrap(input.getValue().toFloats());
      long[] sizes = input.getValue().shape().sizes();
      feed.put(input.getKey(), OnnxTensor.createTensor(RUNTIME, buffer, sizes));
    }
    List<Tensor> outputs = new ArrayList<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      try (OrtSession session = RUNTIME.createSession(OnnxWriter.toBytes(graph), options);
          OrtSession.Result result = session.run(feed)) {
        for (Value output : graph.outputs()) {
          OnnxTensor tensor = (OnnxTensor) result.get(output.name()).orElseThrow();
          FloatBuffer buffer = tensor.getFloatBuffer();
          float[] floats = new float[buffer.remaining()];
          buffer.get(floats);
          outputs.add(Tensor.ofFloats(Shape.of(tensor.getInfo().getShape()), floats));
        }
      }
    }
    feed.values().forEach(OnnxTensor::close);
    return outputs;
  }

  private static void assertEndToEnd(Graph graph, Map<Value, Tensor> values) throws Exception {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    graph.inputs().forEach(input -> inputs.put(input.name(), values.get(input)));
    List<Tensor> actual = run(graph, inputs);
    for (int i = 0; i < actual.size(); i++) {
      double[] expected = values.get(graph.outputs().get(i)).toDoubles();
      double[] got = actual.get(i).toDoubles();
      double signal = 0;
      double error = 0;
      for (int k = 0; k < expected.length; k++) {
        signal += expected[k] * expected[k];
        error += (got[k] - expected[k]) * (got[k] - expected[k]);
      }
      double decibels = 10 * Math.log10(signal / error);
      assertThat(decibels).as("%s", graph.outputs().get(i)).isGreaterThan(LEAST_DECIBELS);
    }
  }
}
