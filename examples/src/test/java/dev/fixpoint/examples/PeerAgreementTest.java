package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ONNX Runtime loads what is written and agrees node by node, each on the peer's own inputs: float
 * nodes within the rounding bound at that point, quantizers at most one step apart and only next to
 * a tie.
 */
class PeerAgreementTest {
  private static final int IMAGES = 4;

  private static Graph quantized(String network) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph model = OnnxReader.read(Digits.model(network));
    return compiler.quantize(model, Digits.calibration().batches(64)).graph();
  }

  /** The graph as a reader of the written file sees it. */
  private static Graph written(Graph graph) {
    return OnnxReader.read(OnnxWriter.toBytes(graph));
  }

  private static Graph withAllValuesAsOutputs(Graph graph) {
    Set<Value> outputs = new LinkedHashSet<>(graph.outputs());
    graph.nodes().forEach(node -> outputs.addAll(node.outputs()));
    GraphParts parts = graph.parts();
    return Graph.of(
        new GraphParts(
            parts.name(),
            parts.inputs(),
            List.copyOf(outputs),
            parts.captures(),
            parts.nodes(),
            parts.initializers(),
            parts.types(),
            parts.info()));
  }

  private static Map<String, Tensor> runPeer(byte[] model, Tensor images) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor input =
              OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(images.toFloats()), images.shape().sizes());
          OrtSession.Result result = session.run(Map.of(Digits.INPUT, input))) {
        Map<String, Tensor> outputs = new HashMap<>();
        for (Map.Entry<String, OnnxValue> entry : result) {
          outputs.put(entry.getKey(), tensor((OnnxTensor) entry.getValue()));
        }
        return outputs;
      }
    }
  }

  private static Tensor tensor(OnnxTensor value) {
    Shape shape = Shape.of(value.getInfo().getShape());
    ElementType type =
        switch (value.getInfo().type) {
          case FLOAT -> ElementType.FLOAT;
          case UINT8 -> ElementType.UINT8;
          case INT8 -> ElementType.INT8;
          default -> throw new IllegalStateException("unexpected type " + value.getInfo());
        };
    ByteBuffer bytes = value.getByteBuffer();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Tensor.of(new TensorType(type, shape), MemorySegment.ofArray(copy));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile"})
  void peerAgreesNodeByNode(String network) throws OrtException {
    Graph graph = withAllValuesAsOutputs(written(quantized(network)));
    Tensor images = Digits.test().batches(IMAGES).getFirst().get(Digits.INPUT);
    Map<String, Tensor> values = new HashMap<>(runPeer(OnnxWriter.toBytes(graph), images));
    values.put(Digits.INPUT, images);
    graph.initializers().forEach((value, tensor) -> values.put(value.name(), tensor));

    List<String> wrong = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<Tensor> inputs =
          node.inputs().stream().map(v -> v == null ? null : values.get(v.name())).toList();
      Tensor peer = values.get(node.output().name());
      Tensor ours = ReferenceInterpreter.evaluate(node, inputs).getFirst();
      Verdict verdict = allowed(node, inputs, ours).check(ours, peer);
      if (!verdict.holds()) {
        wrong.add(node.describe() + " " + verdict);
      }
    }
    assertThat(graph.nodes()).hasSizeGreaterThan(10);
    assertThat(wrong).isEmpty();
  }

  private static ErrorBound allowed(Node node, List<Tensor> inputs, Tensor ours) {
    OpCall call = OpCall.ofTensors(node.attributes(), inputs, 1);
    if (node.calls(QuantOps.QUANTIZE_LINEAR)) {
      return nextToATie(inputs);
    }
    return node.op().machineError(call, List.of(ours)).getFirst();
  }

  /** One step where the quotient lies within its float32 rounding of a tie, else none. */
  private static ErrorBound nextToATie(List<Tensor> inputs) {
    double[] values = inputs.get(0).toDoubles();
    double scale = inputs.get(1).doubleAt(0);
    double[] steps = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double quotient = values[i] / scale;
      double fromTie = Math.abs(Math.abs(quotient - Math.rint(quotient)) - 0.5);
      steps[i] = fromTie <= Math.ulp((float) quotient) ? 1 : 0;
    }
    return ErrorBound.perElement(steps);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile"})
  void peerAgreesEndToEnd(String network) throws OrtException {
    Graph graph = quantized(network);
    Tensor images = Digits.test().images();
    Tensor peer = runPeer(OnnxWriter.toBytes(graph), images).get(Digits.OUTPUT);
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);

    Tensor ours;
    try (InferenceSession session = InferenceSession.of(compiler.lower(graph).graph())) {
      ours = session.run(Map.of(Digits.INPUT, images)).get(Digits.OUTPUT);
    }

    assertThat(Logits.argmax(ours)).isEqualTo(Logits.argmax(peer));
    assertThat(Logits.sqnr(peer, ours)).isGreaterThanOrEqualTo(50);
  }
}
