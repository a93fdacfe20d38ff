package dev.fixpoint.runtime;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphParts;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.internal.op.Kernels;
import dev.fixpoint.runtime.internal.plan.ConstantFolding;
import dev.fixpoint.runtime.internal.plan.ExecutionPlanner;
import dev.fixpoint.runtime.internal.plan.Executor;
import dev.fixpoint.runtime.internal.plan.WorkerPool;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.PackedStore;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private final Graph graph;
  private final Set<Value> taps;
  private final ExecutionOptions options;
  private final WorkerPool pool;
  private final PackedStore packed = new PackedStore();
  private final LinkedHashMap<List<Shape>, Executor> executors =
      new LinkedHashMap<>(PLANS, 0.75f, true);

  private InferenceSession(Graph graph, Set<Value> taps, ExecutionOptions options) {
    this.graph = ConstantFolding.fold(graph, taps);
    this.taps = Set.copyOf(taps);
    this.options = options;
    this.pool = new WorkerPool(options.threads());
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
   * @param inputs tensor by input name
   * @return tensor by output name, in the order of the graph
   * @throws IllegalArgumentException if an input is missing, unknown, or of a wrong type
   * @throws dev.fixpoint.ir.ModelException if a node cannot be run, naming it
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return run(inputs, (_, _) -> {});
  }

  Map<String, Tensor> run(Map<String, Tensor> inputs, Evaluator.Tap tap) {
    Map<Value, Tensor> bound = bind(inputs);
    return executor(shapes(bound)).run(bound, tap, null);
  }

  /**
   * Runs the graph several times and takes the time of each step.
   *
   * @return nanoseconds of each step of {@link #plan}, summed over the runs
   */
  public long[] profile(Map<String, Tensor> inputs, int runs) {
    Map<Value, Tensor> bound = bind(inputs);
    Executor executor = executor(shapes(bound));
    long[] nanos = new long[executor.plan().stepCount()];
    for (int i = 0; i < runs; i++) {
      executor.run(bound, (_, _) -> {}, nanos);
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
    for (Value input : graph.inputs()) {
      all.add(shapes.getOrDefault(input.name(), graph.type(input).shape()));
    }
    return ExecutionPlan.of(executor(all).plan());
  }

  private Map<Value, Tensor> bind(Map<String, Tensor> inputs) {
    Map<Value, Tensor> bound = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      Tensor tensor = inputs.get(input.name());
      TensorType type = graph.type(input);
      if (tensor == null) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "' of type " + type + " is missing");
      }
      if (!tensor.type().isCompatibleWith(type)) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "' should be " + type + ", but is " + tensor.type());
      }
      bound.put(input, tensor);
    }
    if (inputs.size() > bound.size()) {
      Map<String, Tensor> unknown = new HashMap<>(inputs);
      graph.inputs().forEach(input -> unknown.remove(input.name()));
      throw new IllegalArgumentException(
          "the graph has no input " + unknown.keySet() + "; its inputs are " + graph.inputs());
    }
    return bound;
  }

  private static List<Shape> shapes(Map<Value, Tensor> inputs) {
    return inputs.values().stream().map(Tensor::shape).toList();
  }

  private synchronized Executor executor(List<Shape> shapes) {
    Executor known = executors.get(shapes);
    if (known != null) {
      return known;
    }
    Map<Value, TensorType> types = new HashMap<>(graph.types());
    for (int i = 0; i < shapes.size(); i++) {
      Value input = graph.inputs().get(i);
      types.put(input, graph.type(input).withShape(shapes.get(i)));
    }
    GraphParts parts = graph.parts();
    Graph typed =
        Graph.of(
            new GraphParts(
                parts.name(),
                parts.inputs(),
                parts.outputs(),
                parts.captures(),
                parts.nodes(),
                parts.initializers(),
                types,
                parts.info()));
    Graph concrete = ConstantFolding.fold(typed, taps);
    Executor made =
        new Executor(ExecutionPlanner.plan(concrete, taps, this::kernels, packed), pool);
    executors.put(shapes, made);
    if (executors.size() > PLANS) {
      executors.pollFirstEntry();
    }
    return made;
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
