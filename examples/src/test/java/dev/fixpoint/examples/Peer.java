package dev.fixpoint.examples;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
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

/** ONNX Runtime as a second opinion on what is written, with its graph optimizations off. */
final class Peer {
  private Peer() {}

  /** The peer's outputs for one float input. */
  static Map<String, Tensor> run(Graph graph, String name, Tensor input) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(OnnxWriter.toBytes(graph), options);
          OnnxTensor tensor =
              OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(input.toFloats()), input.shape().sizes());
          OrtSession.Result result = session.run(Map.of(name, tensor))) {
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
          case INT64 -> ElementType.INT64;
          case INT32 -> ElementType.INT32;
          default -> throw new IllegalStateException("unexpected type " + value.getInfo());
        };
    ByteBuffer bytes = value.getByteBuffer();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Tensor.of(new TensorType(type, shape), MemorySegment.ofArray(copy));
  }

  /**
   * The nodes of a graph as written on which the peer disagrees, each evaluated on the peer's own
   * inputs: float nodes beyond the rounding bound at that point, quantizers more than a step apart
   * or apart without a tie nearby.
   */
  static List<String> disagreements(Graph graph, String name, Tensor input) throws OrtException {
    Graph seen = withAllValuesAsOutputs(OnnxReader.read(OnnxWriter.toBytes(graph)));
    Map<String, Tensor> values = new HashMap<>(run(seen, name, input));
    values.put(name, input);
    seen.initializers().forEach((value, tensor) -> values.put(value.name(), tensor));
    List<String> wrong = new ArrayList<>();
    for (Node node : seen.nodes()) {
      List<Tensor> inputs =
          node.inputs().stream().map(v -> v == null ? null : values.get(v.name())).toList();
      List<Tensor> ours = ReferenceInterpreter.evaluate(node, inputs);
      for (int i = 0; i < node.outputs().size(); i++) {
        Tensor peer = values.get(node.output(i).name());
        Verdict verdict = allowed(node, inputs, ours, i).check(ours.get(i), peer);
        if (!verdict.holds()) {
          wrong.add(node.describe() + " " + verdict);
        }
      }
    }
    return wrong;
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

  private static ErrorBound allowed(Node node, List<Tensor> inputs, List<Tensor> ours, int output) {
    if (node.calls(QuantOps.QUANTIZE_LINEAR)) {
      return nextToATie(inputs);
    }
    OpCall call = OpCall.ofTensors(node.attributes(), inputs, ours.size());
    return node.op().machineError(call, ours).get(output);
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
}
