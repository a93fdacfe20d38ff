package dev.fixpoint.op;

import dev.fixpoint.SharedData;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxReadOptions;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTensors;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The node tests of ONNX: a folder each, with a model of mostly one node, its inputs and the
 * outputs that ONNX's own reference implementation gave.
 */
final class NodeTests {
  /**
   * How far floats may be from those of ONNX's reference, which computes in float32 with other
   * formulas: the limits of the data folder's README, relative and absolute as in {@code
   * numpy.isclose}, and ONNX's own relative limit for bfloat16, four of its steps. Integers, truth
   * values and strings have to be equal.
   */
  private static final double RELATIVE_LIMIT = 1e-3;

  private static final double RELATIVE_LIMIT_BFLOAT16 = 0x1p-6;

  private static final double ABSOLUTE_LIMIT = 1e-5;

  private NodeTests() {}

  /** What came of a test. */
  sealed interface Outcome {
    /** Every output is what it should be. */
    record Passed() implements Outcome {}

    /** Something is wrong. */
    record Failed(String reason) implements Outcome {}

    /** The model is refused on reading. */
    record Refused(String reason) implements Outcome {}

    /** The model needs something that is not there, such as an operator. */
    record Unsupported(String what) implements Outcome {}
  }

  /** The names of all tests. */
  static List<String> names() {
    return SharedData.nodeTests().stream().map(folder -> folder.getFileName().toString()).toList();
  }

  /** Runs a test. */
  static Outcome run(String name, OpRegistry registry) {
    Path folder = SharedData.path("onnx-node-tests").resolve(name);
    Graph graph;
    try {
      graph =
          OnnxReader.read(
              folder.resolve("model.onnx"), OnnxReadOptions.DEFAULT.withRegistry(registry));
    } catch (ModelException e) {
      return new Outcome.Refused(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TreeSet<String> missing = new TreeSet<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof OpaqueOp) {
        missing.add(node.op().id().toString());
      }
    }
    return missing.isEmpty()
        ? run(folder, graph)
        : new Outcome.Unsupported(String.join(", ", missing));
  }

  private static Outcome run(Path folder, Graph graph) {
    Evaluator.Evaluation evaluation = new ReferenceInterpreter().prepare(graph);
    try {
      for (int set = 0; Files.exists(folder.resolve("test_data_set_" + set)); set++) {
        Path data = folder.resolve("test_data_set_" + set);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < graph.inputs().size(); i++) {
          inputs.put(
              graph.inputs().get(i).name(), OnnxTensors.read(data.resolve("input_" + i + ".pb")));
        }
        Map<String, Tensor> outputs = evaluation.evaluate(inputs);
        int index = 0;
        for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
          Tensor expected = OnnxTensors.read(data.resolve("output_" + index++ + ".pb"));
          String difference = difference(expected, output.getValue());
          if (!difference.isEmpty()) {
            return new Outcome.Failed("output '" + output.getKey() + "': " + difference);
          }
        }
      }
    } catch (ModelException e) {
      return e.getCause() instanceof UnsupportedOperationException
          ? new Outcome.Unsupported(e.getMessage())
          : new Outcome.Failed(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Outcome.Passed();
  }

  private static String difference(Tensor expected, Tensor actual) {
    if (!expected.elementType().isFloat() || !expected.type().equals(actual.type())) {
      return expected.equals(actual) ? "" : "expected " + expected + " but got " + actual;
    }
    double[] limits = expected.toDoubles();
    double relative =
        expected.elementType() == ElementType.BFLOAT16 ? RELATIVE_LIMIT_BFLOAT16 : RELATIVE_LIMIT;
    for (int i = 0; i < limits.length; i++) {
      boolean finite = Double.isFinite(limits[i]);
      limits[i] = finite ? ABSOLUTE_LIMIT + relative * Math.abs(limits[i]) : 0;
    }
    Verdict verdict = ErrorBound.perElement(limits).check(expected, actual);
    return verdict.holds() ? "" : verdict.toString();
  }
}
