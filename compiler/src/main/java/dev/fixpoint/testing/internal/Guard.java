package dev.fixpoint.testing.internal;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.RewriteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that keeps a rule from firing: one of its conditions, or a part of its pattern that is
 * as good as one.
 *
 * @param condition what has to hold
 * @param without the rule that does not ask for it
 * @param isCondition whether it is a condition of the rule, and not a part of its pattern
 */
public record Guard(Condition condition, RewriteRule without, boolean isCondition) {
  /** All guards of a rule: its conditions, then what its pattern asks of uses and constants. */
  public static List<Guard> of(RewriteRule rule) {
    List<Guard> guards = new ArrayList<>();
    for (Condition condition : rule.conditions()) {
      List<Condition> others = new ArrayList<>(rule.conditions());
      others.remove(condition);
      guards.add(new Guard(condition, rule.looking(rule.pattern(), others), true));
    }
    new Relaxing(rule).addTo(guards);
    return guards;
  }

  /** Finds the flags in a pattern and takes one after the other out of it. */
  private static final class Relaxing {
    private final RewriteRule rule;
    private int fresh;

    private Relaxing(RewriteRule rule) {
      this.rule = rule;
    }

    private void addTo(List<Guard> guards) {
      operands(rule.pattern(), relaxed -> relaxed, guards);
    }

    private void guard(Condition condition, @Nullable OpPattern relaxed, List<Guard> guards) {
      boolean said = guards.stream().anyMatch(g -> g.condition.text().equals(condition.text()));
      if (relaxed != null && !said) {
        guards.add(new Guard(condition, rule.looking(relaxed, rule.conditions()), false));
      }
    }

    private void operands(
        OpPattern pattern, Function<OpPattern, OpPattern> whole, List<Guard> guards) {
      for (Map.Entry<Integer, Pattern> entry : pattern.inputs().entrySet()) {
        visit(
            entry.getValue(),
            changed -> {
              Map<Integer, Pattern> inputs = new TreeMap<>(pattern.inputs());
              inputs.put(entry.getKey(), changed);
              return whole.apply(withInputs(pattern, inputs));
            },
            guards);
      }
    }

    private static OpPattern withInputs(OpPattern pattern, Map<Integer, Pattern> inputs) {
      OpPattern result = pattern;
      for (Map.Entry<Integer, Pattern> entry : inputs.entrySet()) {
        result = result.input(entry.getKey(), entry.getValue());
      }
      return result;
    }

    private void visit(Pattern pattern, Function<Pattern, OpPattern> whole, List<Guard> guards) {
      switch (pattern) {
        case Pattern.ConstantValue constant -> {
          Capture<Value> key = constant.capture();
          Capture<Value> used = key == null ? Capture.ofValue("constant" + fresh++) : key;
          guard(Conditions.constant(used), whole.apply(new Pattern.AnyValue(used)), guards);
        }
        case Pattern.OneOf oneOf -> {
          for (int i = 0; i < oneOf.alternatives().size(); i++) {
            int at = i;
            visit(
                oneOf.alternatives().get(i),
                changed -> {
                  List<Pattern> alternatives = new ArrayList<>(oneOf.alternatives());
                  alternatives.set(at, changed);
                  return whole.apply(new Pattern.OneOf(alternatives, oneOf.capture()));
                },
                guards);
          }
        }
        case OpPattern op -> {
          if (op.usedOnce()) {
            Capture<Node> key = op.capture();
            Capture<Node> used = key == null ? Capture.ofNode("inner" + fresh++) : key;
            guard(Conditions.singleUse(used), whole.apply(op.capture(used).multipleUse()), guards);
          }
          operands(op, whole::apply, guards);
        }
        case Pattern.AnyValue _, Pattern.Absent _ -> {}
      }
    }
  }
}
