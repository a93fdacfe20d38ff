package dev.fixpoint.runtime;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.internal.op.Kernels;
import dev.fixpoint.runtime.internal.plan.BlockedProducts;
import dev.fixpoint.runtime.internal.plan.ConstantFolding;
import dev.fixpoint.runtime.internal.plan.ExecutionPlanner;
import dev.fixpoint.runtime.internal.plan.Executor;
import dev.fixpoint.runtime.internal.plan.PackedConstants;
import dev.fixpoint.runtime.internal.plan.Plan;
import dev.fixpoint.runtime.internal.plan.ScaledConvolutions;
import dev.fixpoint.runtime.internal.plan.ScaledProducts;
import dev.fixpoint.runtime.internal.plan.StepwiseSums;
import dev.fixpoint.runtime.internal.plan.TableLookups;
import dev.fixpoint.runtime.internal.plan.WorkerPool;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.PackedStore;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A graph made ready to run many times. Safe to share between threads; keeps one plan for each of
 * the last few combinations of input shapes, over one set of packed weights.
 *
 * <pre>{@code
 * try (var session = InferenceSession.of(graph)) {
 *   Tensor y = session.run(Map.of("x", x)).get("y");
 * }
 * }</pre>
 */
public final class InferenceSession implements AutoCloseable {
  private static final int PLANS = 8;

  private final List<Value> inputs;
  private final Map<Value, TensorType> inputTypes;
  private final Set<Value> taps;
  private final ExecutionOptions options;
  private final WorkerPool pool;
  private final Primitives primitives;
  private final PackedStore packed;
  private final List<Executor> executors = new ArrayList<>();

  /** What is planned for new shapes; without the constants that all their readers have packed. */
  private Graph graph;

  private InferenceSession(Graph graph, Set<Value> taps, ExecutionOptions options) {
    Graph blocked = options.reference() ? graph : BlockedProducts.joined(graph, taps);
    Graph folded = ConstantFolding.fold(blocked, taps);
    this.graph = PackedConstants.detached(options.reference() ? folded : joined(folded, taps));
    this.inputs = graph.inputs();
    this.inputTypes =
        inputs.stream().collect(Collectors.toUnmodifiableMap(value -> value, graph::type));
    this.taps = Set.copyOf(taps);
    this.options = options;
    this.primitives = options.choice().primitives();
    this.packed = new PackedStore(primitives);
    this.pool = new WorkerPool(options.threads());
  }

  /** The graph with groups of nodes that kernels run at once as one node each. */
  private static Graph joined(Graph graph, Set<Value> taps) {
    Graph stepwise = TableLookups.joined(StepwiseSums.joined(graph, taps), taps);
    return ScaledConvolutions.joined(ScaledProducts.joined(stepwise, taps), taps);
  }

  /** A session with default options. */
  public static InferenceSession of(Graph graph) {
    return of(graph, ExecutionOptions.DEFAULT);
  }

  /** A session. */
  public static InferenceSession of(Graph graph, ExecutionOptions options) {
    return new InferenceSession(graph, Set.of(), options);
  }

  static InferenceSession of(Graph graph, Set<Value> taps, ExecutionOptions options) {
    return new InferenceSession(graph, taps, options);
  }

  /**
   * Runs the graph.
   *
   * @param feed tensor by input name
   * @return tensor by output name, in the order of the graph
   * @throws IllegalArgumentException if an input is missing, unknown, or of a wrong type
   * @throws dev.fixpoint.ir.ModelException if a node cannot be run, naming it
   */
  public Map<String, Tensor> run(Map<String, Tensor> feed) {
    return run(feed, (_, _) -> {});
  }

  /**
   * Runs the graph and copies its outputs into the caller's memory. Where operators have kernels, a
   * repeated run with inputs of the same shapes allocates nothing.
   *
   * @param feed tensor by input name
   * @param outputs memory by output name, each with as many bytes as its tensor, in row-major order
   * @throws IllegalArgumentException if an input or a memory is missing or not what it should be
   * @throws dev.fixpoint.ir.ModelException if a node cannot be run, naming it
   */
  public void run(Map<String, Tensor> feed, Map<String, MemorySegment> outputs) {
    check(feed);
    executor(feed).run(feed, outputs);
  }

  Map<String, Tensor> run(Map<String, Tensor> feed, Evaluator.Tap tap) {
    check(feed);
    return executor(feed).run(feed, tap, null);
  }

  /**
   * Runs the graph several times and takes the time of each step.
   *
   * @return nanoseconds of each step of {@link #plan}, summed over the runs
   */
  public long[] profile(Map<String, Tensor> feed, int runs) {
    check(feed);
    Executor executor = executor(feed);
    long[] nanos = new long[executor.plan().stepCount()];
    for (int i = 0; i < runs; i++) {
      executor.run(feed, (_, _) -> {}, nanos);
    }
    return nanos;
  }

  /**
   * The plan for given input shapes.
   *
   * @param shapes shape by input name; inputs of a static shape may be left out
   */
  public ExecutionPlan plan(Map<String, Shape> shapes) {
    List<Shape> all = new ArrayList<>();
    for (Value input : inputs) {
      all.add(shapes.getOrDefault(input.name(), type(input).shape()));
    }
    return ExecutionPlan.of(executor(all).plan());
  }

  private TensorType type(Value input) {
    return Objects.requireNonNull(inputTypes.get(input));
  }

  private void check(Map<String, Tensor> feed) {
    for (int i = 0; i < inputs.size(); i++) {
      Value input = inputs.get(i);
      Tensor tensor = feed.get(input.name());
      TensorType type = type(input);
      if (tensor == null) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "' of type " + type + " is missing");
      }
      if (!tensor.type().isCompatibleWith(type)) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "' should be " + type + ", but is " + tensor.type());
      }
    }
    if (feed.size() > inputs.size()) {
      Map<String, Tensor> unknown = new HashMap<>(feed);
      inputs.forEach(input -> unknown.remove(input.name()));
      throw new IllegalArgumentException(
          "the graph has no input " + unknown.keySet() + "; its inputs are " + inputs);
    }
  }

  private synchronized Executor executor(Map<String, Tensor> feed) {
    for (int i = 0; i < executors.size(); i++) {
      Executor known = executors.get(i);
      if (known.fits(feed)) {
        return latest(i);
      }
    }
    return plan(inputs.stream().map(input -> shape(feed, input)).toList());
  }

  private static Shape shape(Map<String, Tensor> feed, Value input) {
    return Objects.requireNonNull(feed.get(input.name())).shape();
  }

  private synchronized Executor executor(List<Shape> shapes) {
    for (int i = 0; i < executors.size(); i++) {
      if (executors.get(i).plan().inputShapes().equals(shapes)) {
        return latest(i);
      }
    }
    return plan(shapes);
  }

  /** The executor at a position, which moves to the front. */
  private Executor latest(int index) {
    Executor found = executors.get(index);
    if (index > 0) {
      executors.remove(index);
      executors.addFirst(found);
    }
    return found;
  }

  private Executor plan(List<Shape> shapes) {
    Map<Value, TensorType> types = new HashMap<>(graph.types());
    for (int i = 0; i < shapes.size(); i++) {
      Value input = inputs.get(i);
      types.put(input, type(input).withShape(shapes.get(i)));
    }
    Graph concrete = ConstantFolding.fold(retyped(graph, types), taps);
    Plan plan = ExecutionPlanner.plan(concrete, taps, this::kernels, packed);
    graph = PackedConstants.released(graph, plan.packed());
    Executor made = new Executor(plan, pool, primitives);
    executors.addFirst(made);
    if (executors.size() > PLANS) {
      executors.removeLast();
    }
    return made;
  }

  private static Graph retyped(Graph graph, Map<Value, TensorType> types) {
    GraphParts parts = graph.parts();
    return Graph.of(parts.withTypes(types));
  }

  private List<Kernel> kernels(OpId op) {
    if (options.reference()) {
      return List.of();
    }
    List<Kernel> all = new ArrayList<>(options.kernels().kernels(op));
    all.addAll(Kernels.ALL.kernels(op));
    return all;
  }

  /** Stops the threads; runs that come later use the caller's alone. */
  @Override
  public void close() {
    pool.close();
  }
}
