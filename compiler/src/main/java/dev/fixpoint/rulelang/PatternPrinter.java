package dev.fixpoint.rulelang;

import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.ConstantValue;
import dev.fixpoint.rewrite.Pattern.OneOf;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pattern as nodes of the rule language, the root first. Nodes and constants without a
 * name get one; what the pattern asks of constants and uses becomes conditions.
 */
final class PatternPrinter {
  private final PatternNames names = new PatternNames();
  private final List<String> nodes = new ArrayList<>();
  private final Set<String> constants = new LinkedHashSet<>();
  private final Set<String> singleUses = new LinkedHashSet<>();
  private final Map<Object, List<String>> written = new IdentityHashMap<>();

  PatternPrinter(OpPattern root) {
    produced(root);
  }

  /** The clauses, line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("match");
    nodes.forEach(node -> lines.add("  " + node));
    List<String> conditions = new ArrayList<>();
    if (!constants.isEmpty()) {
      conditions.add("constant(" + String.join(", ", constants) + ")");
    }
    if (!singleUses.isEmpty()) {
      conditions.add("single_use(" + String.join(", ", singleUses) + ")");
    }
    if (!conditions.isEmpty()) {
      lines.add("where " + String.join(", ", conditions));
    }
    return lines;
  }

  /** Writes a node unless it is written, and gives the name of the output that is read. */
  private String produced(OpPattern op) {
    Object key = op.capture() == null ? op : op.capture();
    List<String> outputs = written.get(key);
    if (outputs == null) {
      outputs = outputs(op);
      written.put(key, outputs);
      int place = nodes.size();
      nodes.add("");
      nodes.set(place, left(op, outputs) + " = " + call(op));
    }
    String name = outputs.get(op.output());
    if (op.usedOnce()) {
      singleUses.add(name);
    }
    return name;
  }

  private List<String> outputs(OpPattern op) {
    int last = op.results().keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    int count = Math.max(Math.max(op.outputs(), op.output() + 1), last + 1);
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Capture<?> key = op.results().get(i);
      if (key == null && i == 0) {
        key = op.capture();
      }
      boolean needed = key != null || i == 0 || i == op.output();
      outputs.add(needed ? names.of(key, op.ops().getFirst().name()) : Names.ANYTHING);
    }
    return outputs;
  }

  private static String left(OpPattern op, List<String> outputs) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      boolean optional = i > 0 && i >= op.outputs() && i != op.output();
      all.add(outputs.get(i) + (optional ? "?" : ""));
    }
    return String.join(", ", all);
  }

  private String call(OpPattern op) {
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < op.arity(); i++) {
      Pattern wanted = op.inputs().get(i);
      operands.add(wanted == null ? "" : operand(wanted));
    }
    String rest = op.rest() == null ? "" : names.of(op.rest(), "rest") + "...";
    String attributes =
        op.attributes().entrySet().stream()
            .map(entry -> AttributeText.of(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    String before = attributes.isEmpty() ? "" : " <" + attributes + "> ";
    return op.ops().stream()
        .map(id -> id + before + "(" + String.join(", ", operands(op, id, operands, rest)) + ")")
        .collect(Collectors.joining(" | "));
  }

  /** The operands as one operator takes them; what the pattern does not ask for may be anything. */
  private static List<String> operands(OpPattern op, OpId id, List<String> asked, String rest) {
    List<String> operands = new ArrayList<>(asked);
    boolean absent = op.everyInput() instanceof Pattern.Absent;
    for (int i = 0; i < operands.size(); i++) {
      if (!op.inputs().containsKey(i)) {
        operands.set(i, absent ? "" : unasked(id, i));
      }
    }
    if (!rest.isEmpty()) {
      operands.add(rest);
    } else if (!absent) {
      end(id, operands);
    }
    return operands;
  }

  private static void end(OpId id, List<String> operands) {
    List<OpSchema.Parameter> inputs = inputs(id);
    boolean open = inputs.isEmpty() || inputs.getLast().arity() == OpSchema.Arity.VARIADIC;
    for (int i = operands.size(); !open && i < inputs.size(); i++) {
      operands.add(Names.ANYTHING + "?");
    }
    if (open) {
      operands.add(Names.ANYTHING + "...");
    }
  }

  private static String unasked(OpId id, int index) {
    List<OpSchema.Parameter> inputs = inputs(id);
    boolean required =
        index < inputs.size() && inputs.get(index).arity() != OpSchema.Arity.OPTIONAL;
    return Names.ANYTHING + (required ? "" : "?");
  }

  private static List<OpSchema.Parameter> inputs(OpId id) {
    return RuleVocabulary.STANDARD
        .operators()
        .find(id)
        .map(definition -> definition.schema().inputs())
        .orElse(List.of());
  }

  private String operand(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Absent _ -> "";
      case Pattern.AnyValue any ->
          any.capture() == null ? Names.ANYTHING : names.of(any.capture(), "x");
      case ConstantValue constant -> constant(constant);
      case OpPattern op -> produced(op);
      case OneOf oneOf -> oneOf(oneOf);
    };
  }

  private String constant(ConstantValue constant) {
    if (constant.literal() != null) {
      return constant.literal().toString();
    }
    String name = names.of(constant.capture(), "c");
    constants.add(name);
    return name;
  }

  private String oneOf(OneOf oneOf) {
    List<Pattern> present =
        oneOf.alternatives().stream().filter(p -> !(p instanceof Pattern.Absent)).toList();
    String optional = present.size() < oneOf.alternatives().size() ? "?" : "";
    if (present.isEmpty()) {
      return "";
    }
    if (present.size() == 1) {
      return named(present.getFirst()) + optional;
    }
    List<String> names = written.get(oneOf);
    if (names == null) {
      names = List.of(this.names.of(key(oneOf), "value"));
      written.put(oneOf, names);
      int place = nodes.size();
      nodes.add("");
      String alternatives =
          present.stream().map(this::alternative).collect(Collectors.joining(" | "));
      nodes.set(place, names.getFirst() + " = " + alternatives);
    }
    return names.getFirst() + optional;
  }

  /** A constant that may be absent needs a name: only names take a question mark. */
  private String named(Pattern pattern) {
    if (pattern instanceof ConstantValue constant && constant.literal() != null) {
      String name = names.of(constant.capture(), "c");
      nodes.add(name + " = " + constant.literal());
      return name;
    }
    return operand(pattern);
  }

  private static @Nullable Capture<?> key(OneOf oneOf) {
    if (oneOf.capture() != null) {
      return oneOf.capture();
    }
    for (Pattern alternative : oneOf.alternatives()) {
      if (alternative instanceof OpPattern op && op.capture() != null) {
        return op.capture();
      }
    }
    return null;
  }

  private String alternative(Pattern pattern) {
    if (pattern instanceof OpPattern op && op.output() == 0 && op.results().size() <= 1) {
      return call(op);
    }
    return operand(pattern);
  }
}
