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
      values.put(step.outputs().getFirst(), REGISTRY.get(step.op()).evaluate(part).getFirst());
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
   * The expansion gives the same up to a rounding: one step for integers, and a few units in the
   * last place of the largest value for floats.
   */
  static void close(OpDefinition op, OpCall call) {
    Tensor expected = op.evaluate(call).getFirst();
    Tensor actual = evaluate(op, call);
    assertThat(actual.type()).isEqualTo(expected.type());
    double largest = 0;
    for (double value : expected.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
    }
    double allowed = expected.elementType().isFloat() ? 8 * Math.ulp((float) largest) : 1;
    for (int i = 0; i < expected.elementCount(); i++) {
      assertThat(Math.abs(actual.doubleAt(i) - expected.doubleAt(i))).isLessThanOrEqualTo(allowed);
    }
  }
}
