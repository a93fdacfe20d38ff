package dev.fixpoint.testing;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Evaluator.Evaluation;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A proof by trying everything: two graphs of elementwise operators with one or two 8-bit inputs
 * are compared on all 256 inputs, or on all 65,536 pairs.
 *
 * <p>Each input has one dimension, whose size is open or the number of values, so that one
 * evaluation sees them all. What fails is an {@link AssertionError} that names the first values.
 *
 * @param bound how far the outputs may be apart
 */
public record EnumeratedProof(ErrorBound bound) {
  /** Inputs that are tried for one 8-bit input. */
  public static final int VALUES = 256;

  /** A proof of equal bits. */
  public static EnumeratedProof ofEquality() {
    return new EnumeratedProof(ErrorBound.EXACT);
  }

  /** A proof that integer outputs are at most so many steps apart. */
  public static EnumeratedProof ofSteps(int steps) {
    return new EnumeratedProof(ErrorBound.uniform(steps));
  }

  /**
   * Compares two graphs with the same inputs and outputs.
   *
   * @return how many inputs, or pairs of inputs, were tried
   * @throws AssertionError at the first value for which they differ by more than the bound
   * @throws IllegalArgumentException if there are more than two inputs, or one is not of 8 bits
   */
  public int check(Graph before, Graph after) {
    Map<String, Tensor> inputs = everything(before);
    Map<String, Tensor> expected = evaluate(before, inputs);
    Map<String, Tensor> actual = evaluate(after, inputs);
    List<Value> outputs = before.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor was = Objects.requireNonNull(expected.get(outputs.get(i).name()));
      Tensor is = Objects.requireNonNull(actual.get(after.outputs().get(i).name()));
      Verdict verdict = bound.check(was, is);
      if (!verdict.holds()) {
        throw new AssertionError(
            "'" + outputs.get(i) + "' differs" + at(inputs, verdict) + ": " + verdict);
      }
    }
    return inputs.isEmpty() ? 0 : Math.toIntExact(inputs.values().iterator().next().elementCount());
  }

  private static Map<String, Tensor> evaluate(Graph graph, Map<String, Tensor> inputs) {
    Evaluation evaluation = new ReferenceInterpreter().prepare(graph);
    return evaluation.evaluate(inputs);
  }

  private static String at(Map<String, Tensor> inputs, Verdict verdict) {
    if (verdict.index().size() != 1) {
      return "";
    }
    StringBuilder where = new StringBuilder(" at");
    int index = verdict.index().getFirst();
    inputs.forEach(
        (name, tensor) ->
            where.append(" ").append(name).append(" = ").append(tensor.longAt(index)));
    return where.toString();
  }

  private static Map<String, Tensor> everything(Graph graph) {
    List<Value> sources = graph.inputs();
    if (sources.isEmpty() || sources.size() > 2) {
      throw new IllegalArgumentException(
          "a proof takes one input or two, not " + sources.size() + "; make the others constants");
    }
    int count = sources.size() == 1 ? VALUES : VALUES * VALUES;
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    List<Integer> strides = new ArrayList<>(List.of(1, VALUES));
    for (int i = 0; i < sources.size(); i++) {
      ElementType type = graph.type(sources.get(i)).elementType();
      if (!type.isInteger() || type.bits() != 8) {
        throw new IllegalArgumentException(
            "input '" + sources.get(i) + "' is of " + type.text() + ", not of 8 bits");
      }
      long[] values = new long[count];
      for (int k = 0; k < count; k++) {
        values[k] = type.minInteger() + k / strides.get(i) % VALUES;
      }
      inputs.put(sources.get(i).name(), Tensor.ofLongs(type, Shape.of(count), values));
    }
    return inputs;
  }
}
