package dev.fixpoint.pass;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Verdict;
import dev.fixpoint.ir.Evaluator.Evaluation;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.rewrite.Neighbourhood;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An observer that holds every rewrite of a run to its bound: the nodes before and after are cut
 * out, evaluated on random tensors inside the ranges, and compared. Meant for tests and for {@code
 * verify}; too slow to be on in production.
 */
public final class DifferentialCheck implements PassObserver {
  /** Rewrites of more work than this are left out: multiplications of one evaluation. */
  private static final double MOST_WORK = 50e6;

  private final int tries;
  private final SplittableRandom random;
  private final List<Checked> checked = new ArrayList<>();
  private final List<Unchecked> unchecked = new ArrayList<>();

  /**
   * A check with the given number of draws for each rewrite.
   *
   * @param seed where the draws begin
   */
  public DifferentialCheck(int tries, long seed) {
    this.tries = tries;
    this.random = new SplittableRandom(seed);
  }

  /**
   * A rewrite that kept its promise.
   *
   * @param rewrite the rewrite
   * @param node where
   * @param tries on how many draws
   * @param ratio largest difference observed over the declared one
   */
  public record Checked(String rewrite, String node, int tries, double ratio) {}

  /**
   * A rewrite that could not be checked.
   *
   * @param rewrite the rewrite
   * @param node where
   * @param reason why not
   */
  public record Unchecked(String rewrite, String node, String reason) {}

  /** The rewrites that kept their promise, in order. */
  public List<Checked> checked() {
    return List.copyOf(checked);
  }

  /** The rewrites that could not be checked, in order, each with the reason. */
  public List<Unchecked> unchecked() {
    return List.copyOf(unchecked);
  }

  /**
   * Checks what a pass has applied.
   *
   * @throws BrokenPromiseException at the first rewrite that leaves its bound
   */
  @Override
  public void passed(Step step) {
    step.records().forEach(this::check);
  }

  /**
   * Checks one rewrite.
   *
   * @throws BrokenPromiseException if it leaves its bound
   */
  public void check(RewriteRecord record) {
    String where = record.before().getFirst().describe();
    Neighbourhood around;
    try {
      around = Neighbourhood.of(record);
    } catch (ModelException | IllegalArgumentException e) {
      unchecked.add(new Unchecked(record.rewrite(), where, String.valueOf(e.getMessage())));
      return;
    }
    BoundarySamples samples = new BoundarySamples(around.before(), around.boundary(), random);
    Optional<String> obstacle = samples.obstacle().or(() -> tooMuch(around));
    if (obstacle.isPresent()) {
      unchecked.add(new Unchecked(record.rewrite(), where, obstacle.get()));
      return;
    }
    compare(record, around, samples);
  }

  private void compare(RewriteRecord record, Neighbourhood around, BoundarySamples samples) {
    Evaluation before = new ReferenceInterpreter().prepare(around.before());
    Evaluation after = new ReferenceInterpreter().prepare(around.after());
    String where = record.before().getFirst().describe();
    double ratio = 0;
    int done = 0;
    String refusal = "";
    for (int i = 0; i < tries; i++) {
      Map<String, Tensor> inputs = samples.draw();
      Map<String, Tensor> expected;
      try {
        expected = before.evaluate(inputs);
      } catch (ModelException e) {
        refusal = String.valueOf(e.getMessage());
        continue;
      }
      ratio = Math.max(ratio, ratio(record, around, inputs, expected, after));
      done++;
    }
    if (done == 0) {
      unchecked.add(new Unchecked(record.rewrite(), where, "no inputs are found: " + refusal));
    } else {
      checked.add(new Checked(record.rewrite(), where, done, ratio));
    }
  }

  private static double ratio(
      RewriteRecord record,
      Neighbourhood around,
      Map<String, Tensor> inputs,
      Map<String, Tensor> expected,
      Evaluation after) {
    Map<String, Tensor> actual;
    try {
      actual = after.evaluate(inputs);
    } catch (ModelException e) {
      throw new BrokenPromiseException(record, around, inputs, String.valueOf(e.getMessage()));
    }
    double ratio = 0;
    for (int i = 0; i < around.bounds().size(); i++) {
      ErrorBound bound = around.bounds().get(i);
      Tensor was = Objects.requireNonNull(expected.get(name(around.before(), i)));
      Tensor is = Objects.requireNonNull(actual.get(name(around.after(), i)));
      Verdict verdict = bound.check(was, is);
      if (!verdict.holds()) {
        throw new BrokenPromiseException(
            record, around, inputs, "'" + name(around.before(), i) + "': " + verdict);
      }
      ratio = Math.max(ratio, verdict.ratio());
    }
    return ratio;
  }

  private static String name(Graph graph, int output) {
    return graph.outputs().get(output).name();
  }

  private static Optional<String> tooMuch(Neighbourhood around) {
    double work = Math.max(work(around.before()), work(around.after()));
    return work > MOST_WORK
        ? Optional.of("it takes about " + Math.round(work / 1e6) + " million multiplications")
        : Optional.empty();
  }

  /** About how many multiplications: for each output element, a column of the node's weights. */
  private static double work(Graph graph) {
    double work = 0;
    for (Node node : graph.nodes()) {
      double column = 1;
      double made = elements(graph, node.outputs().getFirst());
      for (Value input : node.inputs()) {
        Tensor constant = input == null ? null : graph.constant(input);
        if (constant != null && constant.shape().elementCount() != made) {
          column = Math.max(column, column(constant.shape()));
        }
      }
      work += column * made;
    }
    return work;
  }

  /** Elements of a weight for one output: [K, N] has K; [M, C, ...] has C times the rest. */
  private static double column(Shape weight) {
    if (weight.rank() < 2) {
      return 1;
    }
    long outputs = weight.size(weight.rank() == 2 ? 1 : 0);
    return weight.elementCount() / (double) Math.max(1, outputs);
  }

  private static double elements(Graph graph, Value value) {
    double count = 1;
    if (graph.type(value).shape().isRanked()) {
      for (Dimension dimension : graph.type(value).shape().dimensions()) {
        count *= dimension instanceof Dimension.Fixed(long size) ? size : 1;
      }
    }
    return count;
  }
}
