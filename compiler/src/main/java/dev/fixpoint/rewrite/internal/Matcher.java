package dev.fixpoint.rewrite.internal;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.MatchResult.Mismatch;
import dev.fixpoint.rewrite.Pattern;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Matches a pattern and its conditions at a node. Alternatives and swapped operands are tried in
 * order, until a way is found for which everything holds; what was bound on a failed way is unbound
 * again. The number of ways is bounded, so that the cost of a match does not depend on the graph.
 */
public final class Matcher {
  /** Ways through alternatives and swapped operands that are tried before the matcher gives up. */
  private static final int MOST_CHOICES = 4096;

  private final GraphView graph;
  private final OpPattern pattern;
  private final List<Condition> conditions;
  private final Node root;
  private final Bindings bindings = new Bindings();
  private int choices;
  private @Nullable Match found;
  private @Nullable Mismatch furthest;

  private Matcher(GraphView graph, OpPattern pattern, List<Condition> conditions, Node root) {
    this.graph = graph;
    this.pattern = pattern;
    this.conditions = conditions;
    this.root = root;
  }

  /** A value that has to fit a pattern, and what has to fit after it. */
  private record Goal(
      Pattern pattern, Node reader, @Nullable Value value, @Nullable Goal next, boolean last) {}

  /**
   * The first way to read a pattern at a node for which all conditions hold, or the mismatch that
   * got furthest.
   */
  public static MatchResult match(
      GraphView graph, OpPattern pattern, List<Condition> conditions, Node root) {
    return new Matcher(graph, pattern, conditions, root).match();
  }

  /** All ways to read a pattern at a node, in the order in which they are tried. */
  public static List<Match> ways(GraphView graph, OpPattern pattern, Node root) {
    List<Match> ways = new ArrayList<>();
    Condition none =
        Condition.soundness(
            "another way",
            match -> {
              ways.add(match);
              return false;
            });
    new Matcher(graph, pattern, List.of(none), root).match();
    return ways;
  }

  private MatchResult match() {
    if (pattern.output() >= root.outputs().size()) {
      return new Mismatch("has no output " + pattern.output(), root, true);
    }
    produced(pattern, root, root.output(pattern.output()), null);
    if (found != null) {
      return found;
    }
    return furthest != null ? furthest : new Mismatch("is not " + pattern.describe(), root, true);
  }

  /** Whether the goals fit, and with them everything else if this is no part of a list. */
  private boolean solve(@Nullable Goal first) {
    Goal goal = first;
    while (goal != null) {
      if (goal.pattern instanceof Pattern.OneOf oneOf) {
        return oneOf(oneOf, goal);
      }
      if (goal.pattern instanceof OpPattern op) {
        return op(op, goal);
      }
      if (!leaf(goal.pattern, goal.reader, goal.value)) {
        return false;
      }
      if (goal.last) {
        return true;
      }
      goal = goal.next;
    }
    return complete();
  }

  private boolean leaf(Pattern wanted, Node reader, @Nullable Value value) {
    return switch (wanted) {
      case Pattern.Absent _ -> value == null || fail(reader, "has an input that should be absent");
      case Pattern.AnyValue any ->
          value == null
              ? fail(reader, "lacks input " + any)
              : bindValue(any.capture(), reader, value);
      case Pattern.ConstantValue constant -> constant(constant, reader, value);
      case Pattern.OneOf _, OpPattern _ ->
          throw new IllegalStateException("no single value: " + wanted);
    };
  }

  private boolean complete() {
    Match match = new Match(graph, root, bindings.nodes(), bindings.captured());
    for (int i = 0; i < conditions.size(); i++) {
      Optional<String> failure = conditions.get(i).failure(match);
      if (failure.isPresent()) {
        note(new Mismatch(failure.get(), root, false, i));
        return false;
      }
    }
    found = match;
    return true;
  }

  private boolean oneOf(Pattern.OneOf oneOf, Goal goal) {
    if (goal.value != null && !bindValue(oneOf.capture(), goal.reader, goal.value)) {
      return false;
    }
    int mark = bindings.mark();
    for (Pattern alternative : oneOf.alternatives()) {
      if (choices++ > MOST_CHOICES) {
        return fail(goal.reader, "has too many ways to be read as the pattern");
      }
      if (solve(new Goal(alternative, goal.reader, goal.value, goal.next, goal.last))) {
        return true;
      }
      bindings.undo(mark);
    }
    return false;
  }

  private boolean op(OpPattern op, Goal goal) {
    Node producer = goal.value == null ? null : graph.producer(goal.value);
    if (goal.value == null || producer == null) {
      return fail(
          goal.reader, "has an input that no node makes, where " + op.describe() + " should");
    }
    if (producer.outputs().indexOf(goal.value) != op.output()) {
      return fail(producer, "'" + goal.value.name() + "' is not its output " + op.output());
    }
    return produced(op, producer, goal.value, goal);
  }

  private boolean produced(OpPattern op, Node node, Value value, @Nullable Goal goal) {
    if (!op.ops().contains(node.opId())) {
      return fail(node, "is not " + op.describe());
    }
    if (op.usedOnce() && (graph.isOutput(value) || graph.useCount(value) != 1)) {
      return fail(node, "'" + value.name() + "' is read elsewhere too");
    }
    Capture<Node> capture = op.capture();
    if (capture != null && bindings.holds(capture)) {
      return bindings.bind(capture, node)
          ? proceed(goal)
          : fail(node, "is another node than the first '" + capture + "'");
    }
    if (node.outputs().size() < op.outputs()) {
      return fail(node, "has fewer than " + op.outputs() + " outputs");
    }
    if (!attributes(op, node)) {
      return false;
    }
    int mark = bindings.mark();
    if (inputs(op, node, goal, false)) {
      return true;
    }
    bindings.undo(mark);
    return op.swappable() && choices++ <= MOST_CHOICES && inputs(op, node, goal, true);
  }

  private boolean proceed(@Nullable Goal goal) {
    return goal != null && goal.last || solve(goal == null ? null : goal.next);
  }

  private boolean inputs(OpPattern op, Node node, @Nullable Goal goal, boolean swapped) {
    bindings.add(node);
    if (op.capture() != null) {
      bindings.bind(op.capture(), node);
    }
    if (!results(op, node) || !others(op, node, swapped)) {
      return false;
    }
    Goal next = goal == null ? null : goal.next;
    boolean last = goal != null && goal.last;
    boolean any = false;
    for (int i = op.arity() - 1; i >= 0; i--) {
      Pattern wanted = wanted(op, i);
      if (wanted != null) {
        int position = swapped && i < 2 ? 1 - i : i;
        next = new Goal(wanted, node, node.inputOrNull(position), next, last && !any);
        any = true;
      }
    }
    return any ? solve(next) : proceed(goal);
  }

  private boolean results(OpPattern op, Node node) {
    for (var entry : op.results().entrySet()) {
      if (entry.getKey() < node.outputs().size()
          && !bindValue(entry.getValue(), node, node.output(entry.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Pattern wanted(OpPattern op, int index) {
    Pattern own = op.inputs().get(index);
    return own == null ? op.everyInput() : own;
  }

  /** The inputs after those with a place of their own: one by one, and taken for good. */
  private boolean others(OpPattern op, Node node, boolean swapped) {
    int count = node.inputs().size();
    int arity = op.arity();
    Capture<Values> rest = op.rest();
    if (rest != null) {
      Values values = new Values(arity < count ? node.inputs().subList(arity, count) : List.of());
      if (!bindings.bind(rest, values)) {
        return fail(node, "has other inputs than the first '" + rest + "...'");
      }
    }
    Pattern every = op.everyInput();
    for (int i = arity; every != null && i < count; i++) {
      int position = swapped && i < 2 ? 1 - i : i;
      if (!solve(new Goal(every, node, node.inputOrNull(position), null, true))) {
        return false;
      }
    }
    return true;
  }

  private boolean attributes(OpPattern op, Node node) {
    for (var entry : op.attributes().entrySet()) {
      AttributeValue actual = attribute(node, entry.getKey());
      if (!entry.getValue().equals(actual)) {
        String is = actual == null ? "is absent" : "is " + actual.content();
        return fail(
            node,
            "its attribute '" + entry.getKey() + "' " + is + ", not " + entry.getValue().content());
      }
    }
    return true;
  }

  private static @Nullable AttributeValue attribute(Node node, String name) {
    AttributeValue given = node.attributes().values().get(name);
    return given != null
        ? given
        : node.op().schema().attribute(name).map(Attribute::defaultAttribute).orElse(null);
  }

  private boolean constant(Pattern.ConstantValue wanted, Node reader, @Nullable Value value) {
    var tensor = value == null ? null : graph.constant(value);
    if (value == null || tensor == null) {
      String name = value == null ? "an omitted input" : "'" + value.name() + "'";
      return fail(reader, name + " is not constant");
    }
    if (wanted.literal() != null && !wanted.literal().isEverywhereIn(tensor)) {
      return fail(reader, "'" + value.name() + "' is not " + wanted.literal() + " everywhere");
    }
    return bindValue(wanted.capture(), reader, value);
  }

  private boolean bindValue(@Nullable Capture<Value> capture, Node reader, Value value) {
    return capture == null
        || bindings.bind(capture, value)
        || fail(reader, "'" + value.name() + "' is not the same value as '" + capture + "'");
  }

  private boolean fail(Node node, String why) {
    note(new Mismatch(why, node, true, bindings.mark()));
    return false;
  }

  private void note(Mismatch mismatch) {
    if (furthest == null || mismatch.tellsMoreThan(furthest)) {
      furthest = mismatch;
    }
  }
}
