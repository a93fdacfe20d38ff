package dev.fixpoint.testing.internal;

import dev.fixpoint.analysis.RangeAnalysis;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphVerifier;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.RewriteListener;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RewriteSite;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.testing.internal.RuleDraw.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One application of a rule to a generated graph, with everything that can be held against it. */
public final class Trial {
  private static final int INPUT_DRAWS = 2;
  private static final int MOST_REPEATS = 4;

  private final RewriteRule rule;
  private final Site site;
  private final Graph before;
  private final SplittableRandom random;

  private Trial(RewriteRule rule, Site site, SplittableRandom random) {
    this.rule = rule;
    this.site = site;
    this.before = site.graph();
    this.random = random;
  }

  /** What came of a trial. */
  public sealed interface Outcome permits Kept, Refused, Unusable, Broken {}

  /**
   * The rule kept its promises.
   *
   * @param record the application
   * @param after the graph after it
   * @param size class of the longest sum of products that was replaced
   * @param ratio largest difference observed over the bound at the drawn point; negative where the
   *     bound is exact
   */
  public record Kept(RewriteRecord record, Graph after, SizeClass size, double ratio)
      implements Outcome {}

  /**
   * The replacement function refused.
   *
   * @param reason why
   */
  public record Refused(String reason) implements Outcome {}

  /**
   * The graph cannot be evaluated as it is.
   *
   * @param reason why
   */
  public record Unusable(String reason) implements Outcome {}

  /**
   * The rule broke a promise.
   *
   * @param kind which one
   * @param problem how, and where
   * @param inputs on which inputs, where there are any
   */
  public record Broken(Promise kind, String problem, @Nullable Map<String, Tensor> inputs)
      implements Outcome {}

  /** What a rule promises. */
  public enum Promise {
    /** That its replacement can be made, and is a graph that verifies and ends. */
    GRAPH,
    /** That there is a bound. */
    BOUND,
    /** That values stay within the bound. */
    VALUES
  }

  /** Applies a rule at a site and checks everything. */
  public static Outcome of(RewriteRule rule, Site site, SplittableRandom random) {
    return new Trial(rule, site, random).run();
  }

  private Outcome run() {
    InputDraws draws = new InputDraws(site.draft(), random);
    Rewriter rewriter = new Rewriter(before, draws.ranges(), RewriteListener.NONE);
    RewriteRecord record;
    Graph after;
    try {
      record = rewriter.apply(rule, site.match());
      if (record == null) {
        return new Refused("the replacement refuses");
      }
      after = rewriter.finish();
      GraphVerifier.verify(after);
      if (firesAgain(after, record)) {
        return new Broken(Promise.GRAPH, "the rule keeps firing on what it made", null);
      }
    } catch (RuntimeException e) {
      return new Broken(Promise.GRAPH, "the replacement fails: " + e, null);
    }
    for (Map.Entry<Value, ErrorBound> bound : record.bounds().entrySet()) {
      boolean boundless = bound.getValue() instanceof ErrorBound.Unbounded;
      if (boundless && hasRanges(record, draws)) {
        return new Broken(
            Promise.BOUND, "no bound for '" + bound.getKey() + "': " + bound.getValue(), null);
      }
    }
    return compare(draws, record, after);
  }

  /**
   * Whether a bound can be asked for: not where sizes are left open, and not where a 16-bit number
   * may overflow.
   */
  private boolean hasRanges(RewriteRecord record, InputDraws draws) {
    RangeAnalysis ranges = new RangeAnalysis(before, draws.ranges());
    for (Node node : record.before()) {
      for (Value value : touched(node)) {
        TensorType type = before.type(value);
        boolean narrow = type.elementType().isFloat() && type.elementType().bits() <= 16;
        if (!type.shape().isStatic() || (narrow && !ranges.range(value).isBounded())) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Value> touched(Node node) {
    List<Value> values = new ArrayList<>(node.outputs());
    node.inputs().stream().filter(Objects::nonNull).forEach(values::add);
    return values;
  }

  /** The rule must not keep firing on what it made. */
  private boolean firesAgain(Graph after, RewriteRecord record) {
    Graph graph = after;
    List<Node> fresh = record.replacement().nodes();
    for (int i = 0; i <= MOST_REPEATS; i++) {
      RewriteRecord next = null;
      for (Node node : fresh) {
        boolean candidate = rule.pattern().ops().contains(node.opId());
        boolean there = !node.outputs().isEmpty() && graph.producer(node.output()) == node;
        if (candidate && there && rule.matchAt(graph, node) instanceof Match match) {
          Rewriter rewriter = new Rewriter(graph, Map.of(), RewriteListener.NONE);
          next = rewriter.apply(rule, match);
          graph = rewriter.finish();
          break;
        }
      }
      if (next == null) {
        return false;
      }
      fresh = next.replacement().nodes();
    }
    return true;
  }

  private Outcome compare(InputDraws draws, RewriteRecord record, Graph after) {
    double ratio = -1;
    SizeClass size = SizeClass.SMALL;
    for (int i = 0; i < INPUT_DRAWS; i++) {
      Map<String, Tensor> inputs = draws.draw(random);
      Map<Value, Tensor> was;
      try {
        was = evaluate(before, inputs);
      } catch (ModelException e) {
        return new Unusable(String.valueOf(e.getMessage()));
      }
      Map<Value, Tensor> now;
      try {
        now = evaluate(after, inputs);
      } catch (ModelException e) {
        return new Broken(
            Promise.GRAPH, "the new graph cannot be evaluated: " + e.getMessage(), inputs);
      }
      size = sizeOf(record, was);
      Point point = new Point(record, was, now);
      Optional<String> problem = point.problem(after);
      if (problem.isPresent()) {
        return new Broken(Promise.VALUES, problem.get(), inputs);
      }
      ratio = Math.max(ratio, point.ratio);
    }
    return new Kept(record, after, size, ratio);
  }

  /** All values of a graph for some inputs. */
  static Map<Value, Tensor> evaluate(Graph graph, Map<String, Tensor> inputs) {
    Map<Value, Tensor> values = new HashMap<>(graph.initializers());
    Set<Value> taps = new HashSet<>(graph.values());
    new ReferenceInterpreter().prepare(graph, taps).evaluate(inputs, values::put);
    for (Value input : graph.inputs()) {
      Tensor tensor = inputs.get(input.name());
      if (tensor != null) {
        values.put(input, tensor);
      }
    }
    return values;
  }

  private static SizeClass sizeOf(RewriteRecord record, Map<Value, Tensor> values) {
    long most = 0;
    for (Node node : record.before()) {
      Tensor output = values.get(node.output());
      if (output != null && output.elementCount() > 0) {
        long products = node.op().multiplyAccumulates(call(node, values));
        most = Math.max(most, products / output.elementCount());
      }
    }
    return SizeClass.of(most);
  }

  private static OpCall call(Node node, Map<Value, Tensor> values) {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(input == null ? null : values.get(input));
    }
    return OpCall.ofTensors(node.attributes(), inputs, node.outputs().size());
  }

  /** The values before and after at one point of the box. */
  private final class Point {
    private final RewriteRecord record;
    private final Map<Value, Tensor> was;
    private final Map<Value, Tensor> now;
    private double ratio = -1;

    private Point(RewriteRecord record, Map<Value, Tensor> was, Map<Value, Tensor> now) {
      this.record = record;
      this.was = was;
      this.now = now;
    }

    /** What is wrong at this point, if anything is. */
    private Optional<String> problem(Graph after) {
      for (Map.Entry<Value, ErrorBound> entry : record.bounds().entrySet()) {
        Optional<String> problem = changed(entry.getKey(), entry.getValue());
        if (problem.isPresent()) {
          return problem;
        }
      }
      return elsewhere(after);
    }

    private Optional<String> changed(Value value, ErrorBound inBox) {
      Tensor expected = was.get(value);
      Value standing = record.replacement().substitutions().getOrDefault(value, value);
      Tensor actual = now.get(standing);
      if (actual == null || expected == null) {
        return Optional.empty();
      }
      if (!expected.type().equals(actual.type())) {
        return Optional.of(
            "'" + value + "' was " + expected.type() + " and is " + actual.type() + " now");
      }
      Verdict box = inBox.check(expected, actual);
      if (inBox.isBounded() && !box.holds()) {
        return Optional.of("'" + value + "' leaves the bound over the box: " + box);
      }
      ErrorBound here = rule.contract().bound(at(value));
      Verdict verdict = here.check(expected, actual);
      if (here.isBounded() && !verdict.holds()) {
        return Optional.of("'" + value + "' leaves the bound at the point: " + verdict);
      }
      if (here.isBounded() && !(here instanceof ErrorBound.Exact)) {
        ratio = Math.max(ratio, verdict.ratio());
      }
      return Optional.empty();
    }

    private RewriteSite at(Value value) {
      return new RewriteSite(
          before, record.before(), record.replacement(), value, v -> range(was.get(v)));
    }

    private static Range range(@Nullable Tensor tensor) {
      return tensor == null || !tensor.elementType().isNumeric() || tensor.elementCount() == 0
          ? Range.ALL
          : Range.ofTensor(tensor);
    }

    /** Outputs that do not hang on what changed have the same bits. */
    private Optional<String> elsewhere(Graph after) {
      Set<Value> moved = downstream(record.bounds().keySet());
      for (Value output : after.outputs()) {
        Tensor expected = was.get(output);
        Tensor actual = now.get(output);
        boolean same = expected == null || actual == null || expected.equals(actual);
        if (!moved.contains(output) && !same) {
          return Optional.of("'" + output + "' changes, which the rule does not speak of");
        }
      }
      return Optional.empty();
    }

    private Set<Value> downstream(Set<Value> changed) {
      Set<Value> moved = new HashSet<>(changed);
      for (Node node : before.nodes()) {
        boolean reads = node.inputs().stream().anyMatch(moved::contains);
        if (reads || node.captures().stream().anyMatch(moved::contains)) {
          moved.addAll(node.outputs());
        }
      }
      return moved;
    }
  }
}
