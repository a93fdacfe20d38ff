package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that an expansion means the same as the call that it spells out. */
final class ExpansionChecks {
  private static final OpRegistry REGISTRY = StandardOps.registry().plus(QuantOps.REGISTRY);

  private ExpansionChecks() {}

  /** The output of the expansion, which uses only operators that others define. */
  static Tensor evaluate(OpDefinition op, OpCall call) {
    return evaluate(op, call, new ArrayList<>());
  }

  /** Adds the largest magnitude of each step that rounds to float. */
  private static Tensor evaluate(OpDefinition op, OpCall call, List<Double> rounded) {
    Expansion expansion = op.expansion(call);
    assertThat(expansion).as("the expansion of %s", op.id()).isNotNull();
    Map<String, Tensor> values = new HashMap<>(expansion.constants());
    for (int i = 0; i < call.inputCount(); i++) {
      if (call.hasInput(i)) {
        values.put(Expansion.input(i), call.tensor(i));
      }
    }
    for (Expansion.Step step : expansion.steps()) {
      assertThat(step.op().domain()).isNotEqualTo(OpId.FIXPOINT);
      List<@Nullable Tensor> inputs = new ArrayList<>();
      for (String input : step.inputs()) {
        if (!input.isEmpty()) {
          assertThat(values).containsKey(input);
        }
        inputs.add(input.isEmpty() ? null : values.get(input));
      }
      OpCall part = OpCall.ofTensors(step.attributes(), inputs, 1);
      Tensor result = REGISTRY.get(step.op()).evaluate(part).getFirst();
      values.put(step.outputs().getFirst(), result);
      if (result.elementType().isFloat() && !step.op().equals(StandardOps.CAST.id())) {
        rounded.add(Arrays.stream(result.toDoubles()).map(Math::abs).max().orElse(0));
      }
    }
    Tensor output = values.get(Expansion.output(0));
    assertThat(output).isNotNull();
    return output;
  }

  /** The expansion gives the same bits. */
  static void same(OpDefinition op, OpCall call) {
    assertThat(evaluate(op, call)).isEqualTo(op.evaluate(call).getFirst());
  }

  /**
   * The expansion gives the same up to roundings: one step for integers. For floats, each step of
   * the expansion and its counterpart in the operator round by half a unit in the last place of the
   * largest value on the way, and no activation stretches errors to more than twice.
   */
  static void close(OpDefinition op, OpCall call) {
    Tensor expected = op.evaluate(call).getFirst();
    List<Double> rounded = new ArrayList<>();
    Tensor actual = evaluate(op, call, rounded);
    assertThat(actual.type()).isEqualTo(expected.type());
    double largest = rounded.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    double allowed =
        expected.elementType().isFloat() ? 2 * rounded.size() * Math.ulp((float) largest) : 1;
    for (int i = 0; i < expected.elementCount(); i++) {
      assertThat(Math.abs(actual.doubleAt(i) - expected.doubleAt(i))).isLessThanOrEqualTo(allowed);
    }
  }
}
