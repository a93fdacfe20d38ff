package dev.fixpoint.testing;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.pass.BrokenPromiseException;
import dev.fixpoint.pass.DifferentialCheck;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.rewrite.RewriteException;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.testing.internal.GraphDraft;
import dev.fixpoint.testing.internal.InputDraws;
import dev.fixpoint.testing.internal.NetworkDraw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Holds passes to what their rewrites promise, on random networks of given operators: each rewrite
 * is cut out of its graph and compared with its bound ({@link DifferentialCheck}), and the graph is
 * verified after each pass.
 *
 * @param ops the operators
 * @param graphs how many networks
 * @param seed where the draws begin
 */
public record PassTester(List<OpDefinition> ops, int graphs, long seed) {
  private static final int GRAPHS = 200;
  private static final int TRIES = 2;
  private static final int DEEPEST = 4;
  private static final int BATCHES = 2;

  /** Keeps an immutable copy. */
  public PassTester {
    ops = List.copyOf(ops);
  }

  /** A tester with 200 networks of some operators. */
  public static PassTester of(List<OpDefinition> ops) {
    return new PassTester(ops, GRAPHS, 1);
  }

  /** This tester with another number of networks. */
  public PassTester withGraphs(int newGraphs) {
    return new PassTester(ops, newGraphs, seed);
  }

  /** This tester with other networks. */
  public PassTester withSeed(long newSeed) {
    return new PassTester(ops, graphs, newSeed);
  }

  /** Something that rewrites a graph and tells a check of every pass. */
  @FunctionalInterface
  public interface Compilation {
    /** Rewrites the graph. */
    void compile(Case network);
  }

  /**
   * A network, and what goes with it.
   *
   * @param graph the network
   * @param ranges a range for each input
   * @param batches tensors inside the ranges
   * @param check to be told of every pass
   */
  public record Case(
      Graph graph,
      Map<String, Range> ranges,
      List<Map<String, Tensor>> batches,
      DifferentialCheck check) {}

  /**
   * What came of it.
   *
   * @param graphs networks that were compiled
   * @param checked rewrites that kept their promise
   * @param unchecked rewrites that could not be checked, with the reason
   */
  public record Report(int graphs, int checked, List<String> unchecked) {
    /** Keeps an immutable copy. */
    public Report {
      unchecked = List.copyOf(unchecked);
    }
  }

  /**
   * Checks a pipeline.
   *
   * @throws AssertionError if a rewrite leaves its bound or a pass fails, with the network
   */
  public Report check(Pipeline pipeline) {
    return check(
        network ->
            new PassManager(pipeline, List.of(network.check))
                .run(network.graph, new PassContext(new ReferenceInterpreter(), network.ranges)));
  }

  /**
   * Checks a compilation; small networks come first.
   *
   * @throws AssertionError if a rewrite leaves its bound or a pass fails, with the network
   */
  public Report check(Compilation compilation) {
    int compiled = 0;
    int checked = 0;
    List<String> unchecked = new ArrayList<>();
    for (int i = 0; i < graphs; i++) {
      SplittableRandom random = new SplittableRandom(seed + i);
      int depth = 1 + i * DEEPEST / graphs;
      Optional<GraphDraft> drawn = new NetworkDraw(ops, random).draw(depth);
      if (drawn.isEmpty()) {
        continue;
      }
      DifferentialCheck check = new DifferentialCheck(TRIES, seed + i);
      if (compiles(compilation, drawn.get(), check, random, seed + i)) {
        compiled++;
      }
      checked += check.checked().size();
      check.unchecked().forEach(left -> unchecked.add(left.rewrite() + ": " + left.reason()));
    }
    return new Report(compiled, checked, unchecked);
  }

  private static boolean compiles(
      Compilation compilation,
      GraphDraft draft,
      DifferentialCheck check,
      SplittableRandom random,
      long drawSeed) {
    InputDraws draws = new InputDraws(draft, random);
    Graph graph = draft.build();
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(draws.draw(random));
    }
    try {
      new ReferenceInterpreter().prepare(graph).evaluate(batches.getFirst());
    } catch (ModelException e) {
      return false;
    }
    try {
      compilation.compile(new Case(graph, draws.ranges(), batches, check));
      return true;
    } catch (BrokenPromiseException e) {
      SmallestFailure smallest =
          SmallestFailure.of(
              e,
              (less, ranges) ->
                  compilation.compile(
                      new Case(
                          less,
                          ranges,
                          List.of(drawn(less, ranges, drawSeed)),
                          new DifferentialCheck(TRIES, drawSeed))));
      throw new AssertionError(smallest.text() + "\nseed " + drawSeed, e);
    } catch (PassException | RewriteException | ModelException | IllegalArgumentException e) {
      throw new AssertionError(
          e.getMessage() + ":\n" + OnnxTextWriter.toText(graph).strip() + "\nseed " + drawSeed, e);
    }
  }

  /** A tensor inside of its range for each input. */
  private static Map<String, Tensor> drawn(Graph graph, Map<String, Range> ranges, long drawSeed) {
    SplittableRandom random = new SplittableRandom(drawSeed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      TensorType type = graph.type(input);
      Interval hull = ranges.getOrDefault(input.name(), Range.of(-1, 1)).hull();
      double[] values = new double[Math.toIntExact(type.shape().elementCount())];
      Arrays.setAll(values, _ -> hull.low() + random.nextDouble() * hull.width());
      tensors.put(input.name(), Tensor.ofDoubles(type.elementType(), type.shape(), values));
    }
    return tensors;
  }
}
