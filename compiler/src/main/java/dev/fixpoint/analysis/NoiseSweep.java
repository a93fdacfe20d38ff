package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a float graph with sample values that draws the noise that quantization adds to
 * each value: at a quantizer uniform within half a step, and what clipping cuts off, or what it
 * does to sample values that have no noise; at a node what its changed constants and its noisy
 * inputs make of it.
 */
final class NoiseSweep {
  private static final long SEED = 0x5eed;

  private final Counterparts pair;
  private final CompiledRanges compiled;
  private final Map<Value, Tensor> tensors;
  private final Map<Value, double[]> noises = new HashMap<>();
  private final Random random = new Random(SEED);

  /** Sweeps over the reference, whose values for some samples are given. */
  NoiseSweep(Counterparts pair, CompiledRanges compiled, Map<Value, Tensor> tensors) {
    this.pair = pair;
    this.compiled = compiled;
    this.tensors = tensors;
    for (Node node : pair.reference().graph().nodes()) {
      Tensor first = tensors.get(node.output());
      if (first != null
          && first.elementType().isFloat()
          && !pair.reference().isConstant(node.output())) {
        visit(node);
      }
    }
  }

  /** Whether the noise of a value could be estimated. */
  boolean knows(Value value) {
    return noises.containsKey(value);
  }

  /** The mean square of a value's noise. */
  double noise(Value value) {
    return power(noises.getOrDefault(value, new double[1]));
  }

  /** The mean square of a value. */
  double signal(Value value) {
    return power(tensor(value).toDoubles());
  }

  private static double power(double[] values) {
    return Arrays.stream(values).map(x -> x * x).sum() / Math.max(1, values.length);
  }

  private Tensor tensor(Value value) {
    Tensor tensor = tensors.get(value);
    Tensor found = tensor == null ? pair.reference().constant(value) : tensor;
    if (found == null) {
      throw new IllegalStateException("'" + value.name() + "' was not computed");
    }
    return found;
  }

  private void visit(Node node) {
    Node now = pair.of(node);
    if (Counterparts.isStub(node)) {
      noises.put(node.output(), quantized(node, now));
      return;
    }
    boolean same = now != null && pair.sameFunction(node, now);
    OpCall after = same && now != null ? pair.target().call(now) : pair.reference().call(node);
    List<@Nullable Tensor> clean = new ArrayList<>();
    List<@Nullable Tensor> noisy = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      Tensor tensor = input == null ? null : inDouble(tensor(input));
      Tensor stored = after.constant(i);
      clean.add(tensor);
      noisy.add(stored == null ? noisy(input, tensor) : inDouble(stored));
    }
    List<Tensor> left = evaluated(node, clean);
    List<Tensor> right = evaluated(same && now != null ? now : node, noisy);
    for (int k = 0; k < Math.min(left.size(), right.size()); k++) {
      noises.put(node.output(k), difference(left.get(k), right.get(k)));
    }
  }

  private @Nullable Tensor noisy(@Nullable Value input, @Nullable Tensor tensor) {
    double[] noise = input == null ? null : noises.get(input);
    if (noise == null || tensor == null) {
      return tensor;
    }
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] += noise[i];
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, tensor.shape(), values);
  }

  private static double[] difference(Tensor left, Tensor right) {
    double[] difference = right.toDoubles();
    double[] from = left.toDoubles();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= from[i];
    }
    return difference;
  }

  private double[] quantized(Node stub, @Nullable Node now) {
    Tensor x = tensor(stub.input(0));
    double[] noise =
        noises.getOrDefault(stub.input(0), new double[Math.toIntExact(x.elementCount())]);
    Quantizer quantizer = now == null ? null : compiled.quantizer(now.output());
    if (quantizer == null
        || !quantizer.input().equals(pair.of(stub.input(0)))
        || !compiled.moves(quantizer)) {
      return noise;
    }
    Interval reached = quantizer.representable().hull();
    ErrorBound half = quantizer.distance(quantizer.representable());
    double[] values = x.toDoubles();
    double[] stored = quantizer.apply(x).toDoubles();
    double[] added = new double[values.length];
    Shape shape = x.shape();
    for (int i = 0; i < values.length; i++) {
      double given = values[i] + noise[i];
      double clipped = Math.clamp(given, reached.low(), reached.high());
      double rounding = half.at(i, shape) * (2 * random.nextDouble() - 1);
      // What has no noise yet is rounded as it is: samples often repeat a few values.
      added[i] =
          noise[i] == 0
              ? stored[i] - values[i]
              : clipped - values[i] + (clipped == given ? rounding : 0);
    }
    return added;
  }

  private static Tensor inDouble(Tensor tensor) {
    return tensor.elementType().isFloat()
        ? Tensor.ofDoubles(ElementType.DOUBLE, tensor.shape(), tensor.toDoubles())
        : tensor;
  }

  private static List<Tensor> evaluated(Node node, List<@Nullable Tensor> inputs) {
    try {
      return ReferenceInterpreter.evaluate(node, inputs);
    } catch (ModelException _) {
      return List.of(); // an operator that has no form in double
    }
  }
}
