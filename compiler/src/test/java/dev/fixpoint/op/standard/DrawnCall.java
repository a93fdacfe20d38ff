package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A call with drawn float32 inputs, and what every definition promises of it. */
final class DrawnCall {
  private final OpDefinition op;
  private final Attributes attributes;
  private final List<@Nullable Tensor> inputs;
  private final int outputs;
  private final Random random;

  DrawnCall(
      OpDefinition op,
      Attributes attributes,
      List<@Nullable Tensor> inputs,
      int outputs,
      Random random) {
    this.op = op;
    this.attributes = attributes;
    this.inputs = inputs;
    this.outputs = outputs;
    this.random = random;
  }

  /** Numbers of mixed magnitudes and signs. */
  static Tensor reals(Random random, long... sizes) {
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(4) - 2));
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  /** Small integers, of which sums of products are exact in double and float32. */
  static Tensor integers(Random random, long... sizes) {
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-9, 10);
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  /** Positive numbers. */
  static Tensor positive(Random random, long... sizes) {
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f + random.nextFloat();
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  OpCall call() {
    return OpCall.ofTensors(attributes, inputs, outputs);
  }

  /** The call as an analysis sees it, where only the inputs from a position on are constants. */
  private OpCall callWithConstantsFrom(int first) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = new ArrayList<>();
    List<@Nullable ShapeValue> shapeValues = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      types.add(input == null ? null : input.type());
      constants.add(i >= first ? input : null);
      shapeValues.add(i >= first && input != null ? ShapeValue.ofTensor(input) : null);
    }
    return OpCall.of(attributes, types, constants, shapeValues, outputs);
  }

  /**
   * Checks types, ranges and errors, with all bounds by tensor, by element, and constant weights.
   */
  void checkPromises() {
    List<Tensor> results = op.evaluate(call());
    assertThat(results.stream().map(Tensor::type).toList()).isEqualTo(op.inferTypes(call()));
    for (boolean byElement : new boolean[] {false, true}) {
      for (int constants : new int[] {1, Integer.MAX_VALUE}) {
        checkRanges(results, byElement, constants);
        checkErrors(results, byElement, constants);
      }
    }
  }

  private void checkRanges(List<Tensor> results, boolean byElement, int constants) {
    List<@Nullable Range> ranges = ranges(inputs, inputs, byElement);
    List<Range> images = op.rangeTransfer(callWithConstantsFrom(constants), ranges);
    for (int i = 0; i < results.size(); i++) {
      assertThat(images.get(i).contains(results.get(i)))
          .as("%s in %s, byElement %s", results.get(i), images.get(i), byElement)
          .isTrue();
    }
  }

  private void checkErrors(List<Tensor> results, boolean byElement, int constants) {
    List<@Nullable Tensor> moved = new ArrayList<>();
    List<ErrorBound> errors = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      boolean moves = isMovable(input) && (i == 0 || random.nextBoolean());
      Tensor other = moves ? shaken(input) : input;
      moved.add(other);
      errors.add(moves ? distance(input, other, byElement) : ErrorBound.EXACT);
    }
    List<@Nullable Range> ranges = ranges(inputs, moved, byElement);
    List<ErrorBound> bounds = op.errorTransfer(callWithConstantsFrom(constants), ranges, errors);
    List<Tensor> others = op.evaluate(OpCall.ofTensors(attributes, moved, outputs));
    boolean onlyFirst = errors.stream().skip(1).allMatch(ErrorBound.EXACT::equals);
    boolean stated = constants == 1 && onlyFirst;
    assertThat(!stated || bounds.getFirst().isBounded()).as("%s", bounds).isTrue();
    for (int i = 0; i < results.size(); i++) {
      if (bounds.get(i).isBounded()) {
        Verdict verdict = bounds.get(i).check(results.get(i), others.get(i));
        assertThat(verdict.holds()).as("%s, byElement %s", verdict, byElement).isTrue();
      }
    }
  }

  private static boolean isMovable(@Nullable Tensor input) {
    return input != null && input.elementType() == ElementType.FLOAT;
  }

  private Tensor shaken(Tensor tensor) {
    double size = Math.pow(10, random.nextInt(4) - 4);
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (size * (random.nextDouble() * 2 - 1));
    }
    return Tensor.ofFloats(tensor.shape(), values);
  }

  private static ErrorBound distance(Tensor a, Tensor b, boolean byElement) {
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    double[] distances = new double[left.length];
    for (int i = 0; i < left.length; i++) {
      distances[i] = Math.nextUp(Math.abs(left[i] - right[i]));
    }
    ErrorBound bound = ErrorBound.perElement(distances);
    return byElement ? bound : bound.uniform();
  }

  private static List<@Nullable Range> ranges(
      List<@Nullable Tensor> a, List<@Nullable Tensor> b, boolean byElement) {
    List<@Nullable Range> ranges = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      Tensor left = a.get(i);
      Tensor right = b.get(i);
      if (left == null || right == null) {
        ranges.add(null);
        continue;
      }
      List<Interval> intervals = new ArrayList<>();
      double[] rights = right.toDoubles();
      double[] lefts = left.toDoubles();
      for (int k = 0; k < lefts.length; k++) {
        intervals.add(Interval.point(lefts[k]).join(Interval.point(rights[k])));
      }
      Range range = Range.perElement(intervals);
      ranges.add(byElement || i > 0 ? range : range.uniform());
    }
    return ranges;
  }

  /** Checks that results of float32 arithmetic are within the bound for machines. */
  void checkMachine(float... actual) {
    List<Tensor> results = op.evaluate(call());
    ErrorBound bound = op.machineError(call(), results).getFirst();
    Tensor machine = Tensor.ofFloats(results.getFirst().shape(), actual);
    Verdict verdict = bound.check(results.getFirst(), machine);
    assertThat(verdict.holds()).as("%s", verdict).isTrue();
  }

  /** The first output. */
  Tensor result() {
    return op.evaluate(call()).getFirst();
  }

  /** Several longs as a list. */
  static List<Long> list(int... values) {
    return Arrays.stream(values).mapToObj(v -> (long) v).toList();
  }

  /** A float32 type. */
  static TensorType floats(long... sizes) {
    return TensorType.of(ElementType.FLOAT, sizes);
  }
}
