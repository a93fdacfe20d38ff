package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.RuleLanguageParser.PatternCallContext;
import dev.fixpoint.grammar.RuleLanguageParser.PatternInputContext;
import dev.fixpoint.grammar.RuleLanguageParser.PatternValueContext;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call in a pattern as it is written.
 *
 * @param operands the operands, without the rest of a list and without what says nothing at the end
 * @param rest the rest of a list, if it is written
 * @param open whether inputs after the operands may be anything
 * @param swappable whether the first two inputs may be swapped
 */
record PatternCall(
    List<PatternInputContext> operands,
    @Nullable PatternValueContext rest,
    boolean open,
    boolean swappable) {
  PatternCall {
    operands = List.copyOf(operands);
  }

  /** Takes a call apart; refuses operands that the operator does not take. */
  static PatternCall of(OpDefinition op, PatternCallContext call) {
    List<PatternInputContext> operands = new ArrayList<>();
    PatternValueContext rest = null;
    for (PatternInputContext input : inputs(call)) {
      if (rest != null) {
        throw Errors.at(rest, "found the rest of the inputs, expected it at the end");
      }
      PatternValueContext value = input.patternValue();
      if (value != null && value.ELLIPSIS() != null) {
        rest = value;
      } else {
        operands.add(input);
      }
    }
    Operators.requireInputs(
        op, call, operands.stream().map(o -> o.getChildCount() > 0).toList(), rest != null);
    List<OpSchema.Parameter> all = op.schema().inputs();
    boolean variadic = !all.isEmpty() && all.getLast().arity() == OpSchema.Arity.VARIADIC;
    boolean complete = !variadic && operands.size() == all.size();
    boolean swappable = operands.size() == 2 && rest == null && Operators.isCommutative(op.id());
    while (complete && !operands.isEmpty() && saysNothing(operands.getLast())) {
      operands.removeLast();
    }
    return new PatternCall(operands, rest, complete || rest != null, swappable);
  }

  private static List<PatternInputContext> inputs(PatternCallContext call) {
    List<PatternInputContext> inputs = call.patternInputs().patternInput();
    return inputs.size() == 1 && inputs.getFirst().getChildCount() == 0 ? List.of() : inputs;
  }

  private static boolean saysNothing(PatternInputContext operand) {
    return operand.getText().equals(Names.ANYTHING + "?");
  }

  /** Whether another call asks the same of its operands. */
  boolean agreesWith(PatternCall other) {
    return texts().equals(other.texts())
        && Objects.equals(restText(), other.restText())
        && open == other.open
        && swappable == other.swappable;
  }

  private List<String> texts() {
    return operands.stream().map(PatternInputContext::getText).toList();
  }

  private @Nullable String restText() {
    return rest == null ? null : rest.getText();
  }
}
