package dev.fixpoint.cli;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTensors;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs backend tests of ONNX: the model in a folder must give the outputs that lie beside the
 * inputs. Integers have to be equal. Floats may differ by {@value #ABSOLUTE} and {@value #RELATIVE}
 * of the value, for bfloat16 four of its steps.
 */
final class BackendTest {
  private static final double RELATIVE = 1e-3;
  private static final double RELATIVE_BFLOAT16 = 0x1p-6;
  private static final double ABSOLUTE = 1e-5;

  private final Evaluator evaluator;

  /** What came of a test. */
  enum Status {
    /** Every output is what it should be. */
    PASSED("green"),
    /** Something is wrong. */
    FAILED("bold,red"),
    /** The test needs what is not there: an operator, or a form of one that is refused. */
    UNSUPPORTED("yellow");

    private final String style;

    Status(String style) {
      this.style = style;
    }

    /** The name in JSON. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The name, in a colour on a terminal. */
    String shown() {
      return Terminal.OUT.styled(style, text());
    }
  }

  /**
   * What came of a test, and why.
   *
   * @param status what
   * @param reason why, empty where it passed
   */
  record Outcome(Status status, String reason) {}

  /** A runner that evaluates models with an evaluator. */
  BackendTest(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  /** Whether a folder holds a test. */
  static boolean isTest(Path folder) {
    return Files.isRegularFile(folder.resolve("model.onnx"))
        && Files.isDirectory(folder.resolve("test_data_set_0"));
  }

  /** Runs the test in a folder. */
  Outcome run(Path folder) {
    Graph graph;
    try {
      graph = OnnxReader.read(folder.resolve("model.onnx"));
    } catch (ModelException e) {
      return outcome(Status.UNSUPPORTED, e);
    } catch (IOException e) {
      return outcome(Status.FAILED, e);
    }
    String missing =
        graph.nodes().stream()
            .map(Node::op)
            .filter(OpaqueOp.class::isInstance)
            .map(op -> op.id().toString())
            .distinct()
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      return new Outcome(Status.UNSUPPORTED, "no definition of " + missing);
    }
    try {
      return run(folder, graph);
    } catch (UnsupportedOperationException e) {
      return outcome(Status.UNSUPPORTED, e);
    } catch (ModelException e) {
      boolean refused = e.getCause() instanceof UnsupportedOperationException;
      return outcome(refused ? Status.UNSUPPORTED : Status.FAILED, e);
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException e) {
      return outcome(Status.FAILED, e);
    }
  }

  private static Outcome outcome(Status status, Exception reason) {
    return new Outcome(status, Failure.oneLine(reason.getMessage()));
  }

  private Outcome run(Path folder, Graph graph) throws IOException {
    Evaluator.Evaluation evaluation = evaluator.prepare(graph);
    List<Path> sets;
    try (Stream<Path> paths = Files.list(folder)) {
      sets =
          paths
              .filter(path -> path.getFileName().toString().startsWith("test_data_set_"))
              .sorted()
              .toList();
    }
    for (Path set : sets) {
      String difference = difference(set, graph, evaluation);
      if (!difference.isEmpty()) {
        return new Outcome(Status.FAILED, set.getFileName() + ": " + difference);
      }
    }
    return new Outcome(Status.PASSED, "");
  }

  private static String difference(Path set, Graph graph, Evaluator.Evaluation evaluation)
      throws IOException {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Value input = graph.inputs().get(i);
      inputs.put(input.name(), OnnxTensors.read(set.resolve("input_" + i + ".pb")));
    }
    int index = 0;
    for (Map.Entry<String, Tensor> output : evaluation.evaluate(inputs).entrySet()) {
      Tensor expected = OnnxTensors.read(set.resolve("output_" + index++ + ".pb"));
      String difference = difference(expected, output.getValue());
      if (!difference.isEmpty()) {
        return "output '" + output.getKey() + "': " + difference;
      }
    }
    return "";
  }

  private static String difference(Tensor expected, Tensor actual) {
    if (!expected.elementType().isFloat() || !expected.type().equals(actual.type())) {
      return expected.equals(actual) ? "" : "should be " + expected + ", but is " + actual;
    }
    double[] limits = expected.toDoubles();
    double relative = expected.elementType() == ElementType.BFLOAT16 ? RELATIVE_BFLOAT16 : RELATIVE;
    for (int i = 0; i < limits.length; i++) {
      boolean finite = Double.isFinite(limits[i]);
      limits[i] = finite ? ABSOLUTE + relative * Math.abs(limits[i]) : 0;
    }
    Verdict verdict = ErrorBound.perElement(limits).check(expected, actual);
    return verdict.holds() ? "" : verdict.toString();
  }
}
