package dev.fixpoint.examples;

import ai.onnxruntime.OrtException;
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
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether ONNX Runtime and our reference semantics agree on every node of a file, each evaluated on
 * the peer's own inputs.
 *
 * <p>Real numbers must lie within the rounding bound at that point; bytes may be one step apart on
 * one element of a thousand, and those of QuantizeLinear only next to a tie; other integers are
 * equal.
 */
final class NodeAgreement {
  /** Bytes of which one may differ. */
  private static final long A_THOUSAND = 1000;

  private NodeAgreement() {}

  /** The nodes on which the peer disagrees, as the file is written, for inputs by name. */
  static List<String> disagreements(Graph graph, Map<String, Tensor> inputs) throws OrtException {
    Graph seen = withAllValuesAsOutputs(OnnxReader.read(OnnxWriter.toBytes(graph)));
    Map<String, Tensor> values = new HashMap<>(Peer.AS_WRITTEN.run(seen, inputs));
    values.putAll(inputs);
    seen.initializers().forEach((value, tensor) -> values.put(value.name(), tensor));
    List<String> wrong = new ArrayList<>();
    for (Node node : seen.nodes()) {
      List<@Nullable Tensor> arguments = new ArrayList<>();
      node.inputs().forEach(v -> arguments.add(v == null ? null : values.get(v.name())));
      List<Tensor> ours = ReferenceInterpreter.evaluate(node, arguments);
      for (int i = 0; i < node.outputs().size(); i++) {
        Tensor peer = values.get(node.output(i).name());
        problem(node, arguments, ours, i, peer)
            .ifPresent(problem -> wrong.add(node.describe() + " " + problem));
      }
    }
    return wrong;
  }

  private static Optional<String> problem(
      Node node, List<@Nullable Tensor> inputs, List<Tensor> ours, int output, Tensor peer) {
    ErrorBound allowed = allowed(node, inputs, ours, output);
    Verdict verdict = allowed.check(ours.get(output), peer);
    if (!verdict.holds()) {
      return Optional.of(verdict.toString());
    }
    long different = different(ours.get(output), peer);
    return isByte(peer) && different * A_THOUSAND > peer.elementCount()
        ? Optional.of(different + " of " + peer.elementCount() + " elements differ by one")
        : Optional.empty();
  }

  private static long different(Tensor a, Tensor b) {
    long different = 0;
    for (long i = 0; i < a.elementCount(); i++) {
      different += a.bitsAt(i) == b.bitsAt(i) ? 0 : 1;
    }
    return different;
  }

  private static boolean isByte(Tensor tensor) {
    return tensor.elementType().bits() == Byte.SIZE;
  }

  private static ErrorBound allowed(
      Node node, List<@Nullable Tensor> inputs, List<Tensor> ours, int output) {
    if (node.calls(QuantOps.QUANTIZE_LINEAR)) {
      return nextToATie(inputs, Math.toIntExact(node.get(QuantizeLinear.AXIS)));
    }
    if (isByte(ours.get(output))) {
      return ErrorBound.uniform(1);
    }
    OpCall call = OpCall.ofTensors(node.attributes(), inputs, ours.size());
    return node.op().machineError(call, ours).get(output);
  }

  /** One step where the quotient lies within its float32 rounding of a tie, else none. */
  private static ErrorBound nextToATie(List<@Nullable Tensor> inputs, int axis) {
    Tensor x = inputs.get(0);
    Tensor scale = inputs.get(1);
    if (x == null || scale == null || (scale.elementCount() != 1 && scale.shape().rank() != 1)) {
      throw new IllegalArgumentException("not a quantizer of a whole tensor or along an axis");
    }
    double[] values = x.toDoubles();
    double[] steps = new double[values.length];
    long inner = 1;
    for (int d = axis + 1; scale.elementCount() > 1 && d < x.shape().rank(); d++) {
      inner *= x.shape().size(d);
    }
    for (int i = 0; i < values.length; i++) {
      double quotient = values[i] / scale.doubleAt(i / inner % scale.elementCount());
      double fromTie = Math.abs(Math.abs(quotient - Math.rint(quotient)) - 0.5);
      steps[i] = fromTie <= Math.ulp((float) quotient) ? 1 : 0;
    }
    return ErrorBound.perElement(steps);
  }

  private static Graph withAllValuesAsOutputs(Graph graph) {
    Set<Value> outputs = new LinkedHashSet<>(graph.outputs());
    graph.nodes().forEach(node -> outputs.addAll(node.outputs()));
    GraphParts parts = graph.parts();
    return Graph.of(parts.withOutputs(List.copyOf(outputs)));
  }

  /**
   * A graph with all int8 matrices and filters halved, so that they lie within ±64, where the
   * peer's sums of two products cannot saturate at 16 bits on any processor.
   */
  static Graph withSmallWeights(Graph graph) {
    Map<Value, Tensor> smaller = new LinkedHashMap<>(graph.initializers());
    smaller.replaceAll((_, tensor) -> isWeight(tensor) ? halved(tensor) : tensor);
    GraphParts parts = graph.parts();
    return Graph.of(parts.withInitializers(smaller));
  }

  private static boolean isWeight(Tensor tensor) {
    return tensor.elementType() == ElementType.INT8 && tensor.shape().rank() > 1;
  }

  private static Tensor halved(Tensor tensor) {
    long[] integers = tensor.toLongs();
    for (int i = 0; i < integers.length; i++) {
      integers[i] /= 2;
    }
    return Tensor.ofLongs(tensor.elementType(), tensor.shape(), integers);
  }
}
