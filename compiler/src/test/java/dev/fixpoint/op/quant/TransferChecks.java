package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what a definition says of types, ranges and errors holds for an evaluation: once for
 * the call, once with its data inputs shaken.
 */
final class TransferChecks {
  private TransferChecks() {}

  /**
   * Shakes the given inputs of a call, by steps where they are integers, and compares.
   *
   * @param moved data inputs; the others are parameters
   */
  static void check(OpDefinition op, OpCall call, Random random, int... moved) {
    List<@Nullable Tensor> inputs = inputs(call);
    List<@Nullable Tensor> shaken = new ArrayList<>(inputs);
    ErrorBound[] errors = new ErrorBound[inputs.size()];
    Arrays.fill(errors, ErrorBound.EXACT);
    for (int input : moved) {
      double amount = call.type(input).elementType().isInteger() ? 1 + random.nextInt(3) : 0.01;
      shaken.set(input, shake(call.tensor(input), amount, random));
      errors[input] = ErrorBound.uniform(amount);
    }
    List<@Nullable Range> ranges = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor a = inputs.get(i);
      Tensor b = shaken.get(i);
      ranges.add(a == null || b == null ? null : Range.ofTensor(a).join(Range.ofTensor(b)));
    }
    OpCall known = withoutData(call, moved);
    List<Tensor> before = op.evaluate(call);
    List<Tensor> after = op.evaluate(OpCall.ofTensors(call.attributes(), shaken, before.size()));
    List<Range> outputRanges = op.rangeTransfer(known, ranges);
    List<ErrorBound> bounds = op.errorTransfer(known, ranges, List.of(errors));
    List<ErrorBound> still =
        op.errorTransfer(known, ranges, Collections.nCopies(errors.length, ErrorBound.EXACT));
    List<TensorType> types = op.inferTypes(known);
    for (int i = 0; i < before.size(); i++) {
      assertThat(types.get(i)).isEqualTo(before.get(i).type());
      assertThat(outputRanges.get(i).contains(before.get(i))).as(op.id() + " range").isTrue();
      assertThat(outputRanges.get(i).contains(after.get(i))).as(op.id() + " range").isTrue();
      assertThat(bounds.get(i).check(before.get(i), after.get(i)))
          .as(op.id().toString())
          .matches(verdict -> verdict.holds());
      assertThat(still.get(i)).isEqualTo(ErrorBound.EXACT);
    }
  }

  /** The local error of a call whose data inputs are known by their range only. */
  static ErrorBound localError(OpDefinition op, OpCall call, int... data) {
    return op.localError(withoutData(call, data), ranges(call)).getFirst();
  }

  /** The ranges that hold exactly the inputs of a call. */
  static List<@Nullable Range> ranges(OpCall call) {
    List<@Nullable Range> ranges = new ArrayList<>();
    for (Tensor input : inputs(call)) {
      ranges.add(input == null ? null : Range.of(Range.ofTensor(input).hull()));
    }
    return ranges;
  }

  private static List<@Nullable Tensor> inputs(OpCall call) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      inputs.add(call.constant(i));
    }
    return inputs;
  }

  /** The call as an analysis sees it: the data inputs by type only. */
  private static OpCall withoutData(OpCall call, int... moved) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = inputs(call);
    for (int i = 0; i < call.inputCount(); i++) {
      types.add(call.hasInput(i) ? call.type(i) : null);
    }
    for (int input : moved) {
      constants.set(input, null);
    }
    return OpCall.of(call.attributes(), types, constants, List.of(), call.outputCount());
  }

  private static Tensor shake(Tensor tensor, double amount, Random random) {
    ElementType type = tensor.elementType();
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      double by = amount * (random.nextInt(3) - 1);
      values[i] =
          type.isInteger()
              ? Math.clamp(values[i] + by, type.minInteger(), type.maxInteger())
              : (float) (values[i] + by * 0.999);
    }
    return type.isInteger()
        ? Tensor.ofLongs(
            type, tensor.shape(), Arrays.stream(values).mapToLong(v -> (long) v).toArray())
        : Tensor.ofDoubles(type, tensor.shape(), values);
  }
}
