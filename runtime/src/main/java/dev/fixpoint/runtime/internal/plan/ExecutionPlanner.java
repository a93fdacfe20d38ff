package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.internal.op.LayoutKernel;
import dev.fixpoint.runtime.internal.op.ReferenceKernel;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.KernelProvider;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PackedStore;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a graph with concrete input shapes into a plan: chooses a kernel and a layout for each
 * node, lets reshapes share the storage of what they reshape, and packs what lives at different
 * times into the same memory.
 */
public final class ExecutionPlanner {
  private static final Set<OpId> RESHAPES =
      Set.of(
          OpId.of("Reshape"),
          OpId.of("Flatten"),
          OpId.of("Squeeze"),
          OpId.of("Unsqueeze"),
          OpId.of("Identity"),
          OpId.fixpoint("QuantStub"),
          OpId.fixpoint("DeQuantStub"));

  private final Graph graph;
  private final KernelProvider kernels;
  private final PackedStore packed;
  private final Map<Value, EnumMap<Layout, Placement>> places = new HashMap<>();
  private final List<Placement> placements = new ArrayList<>();
  private final List<Storage> storages = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<Value, Integer> madeBy = new HashMap<>();

  private ExecutionPlanner(Graph graph, KernelProvider kernels, PackedStore packed) {
    this.graph = graph;
    this.kernels = kernels;
    this.packed = packed;
  }

  /**
   * The plan of a graph.
   *
   * @param graph with concrete shapes of all inputs
   * @param taps values that a run hands over when they are made
   * @throws ModelException if a node cannot be run, naming it
   */
  public static Plan plan(
      Graph graph, Set<Value> taps, KernelProvider kernels, PackedStore packed) {
    return new ExecutionPlanner(graph, kernels, packed).plan(taps);
  }

  private Plan plan(Set<Value> taps) {
    List<Plan.Port> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      Placement placement = make(input, graph.type(input), Layout.ROW_MAJOR, -1);
      inputs.add(new Plan.Port(input, graph.type(input), placement));
    }
    graph.nodes().forEach(this::visit);
    int end = steps.size();
    List<Plan.Port> outputs = new ArrayList<>();
    for (Value output : graph.outputs()) {
      Placement placement = any(output);
      read(placement, end);
      outputs.add(new Plan.Port(output, graph.type(output), placement));
    }
    List<Plan.Tapped> tapped = new ArrayList<>();
    for (Value tap : taps) {
      tapped.add(new Plan.Tapped(tap, any(tap), madeBy.getOrDefault(tap, -1)));
    }
    int floats = Arena.place(storages.stream().filter(Storage::isFloat).toList());
    int bytes = Arena.place(storages.stream().filter(s -> !s.isFloat()).toList());
    return new Plan(steps, placements, inputs, outputs, tapped, floats, bytes);
  }

  private void visit(Node node) {
    if (isFree(node)) {
      share(node);
      return;
    }
    KernelCall call = callOf(node);
    Kernel kernel = choose(call);
    Layout layout = kernel.layout(call);
    PreparedKernel prepared = prepare(kernel, call);
    List<@Nullable Placement> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      inputs.add(input == null || prepared.hasTakenIn(i) ? null : in(input, layout));
    }
    for (Value captured : node.captures()) {
      inputs.add(in(captured, Layout.ROW_MAJOR));
    }
    int index = steps.size();
    inputs.forEach(placement -> read(placement, index));
    List<Placement> outputs = new ArrayList<>();
    for (Value output : node.outputs()) {
      outputs.add(make(output, graph.type(output), layout, index));
    }
    steps.add(
        new Step(
            node.name().isEmpty() ? node.output().name() : node.name(),
            node.opId().name(),
            prepared,
            kernel.getClass().getSimpleName(),
            layout,
            inputs,
            outputs,
            node.outputs(),
            work(node, call),
            elements(inputs) + elements(outputs)));
  }

  private Kernel choose(KernelCall call) {
    for (Kernel kernel : kernels.kernels(call.node().opId())) {
      if (kernel.supports(call)) {
        return kernel;
      }
    }
    return ReferenceKernel.INSTANCE;
  }

  private static PreparedKernel prepare(Kernel kernel, KernelCall call) {
    try {
      return kernel.prepare(call);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new ModelException(call.node().describe() + ": " + e.getMessage(), e);
    }
  }

  private KernelCall callOf(Node node) {
    OpCall call = TypeInference.call(graph, node);
    List<Layout> layouts = new ArrayList<>();
    for (Value input : node.inputs()) {
      EnumMap<Layout, Placement> known = input == null ? null : places.get(input);
      boolean last = known != null && known.containsKey(Layout.CHANNELS_LAST);
      layouts.add(last ? Layout.CHANNELS_LAST : Layout.ROW_MAJOR);
    }
    List<TensorType> outputTypes = node.outputs().stream().map(graph::type).toList();
    return new KernelCall(node, call, outputTypes, layouts, packed);
  }

  private static long work(Node node, KernelCall call) {
    for (int i = 0; i < call.call().inputCount(); i++) {
      if (call.has(i) && !call.type(i).shape().isStatic()) {
        return 0;
      }
    }
    return node.op().multiplyAccumulates(call.call());
  }

  private static long elements(List<? extends @Nullable Placement> operands) {
    long count = 0;
    for (Placement placement : operands) {
      if (placement != null && placement.type().shape().isStatic()) {
        count += placement.type().shape().elementCount();
      }
    }
    return count;
  }

  /** Whether a node only gives its input another shape. */
  private boolean isFree(Node node) {
    if (!RESHAPES.contains(node.opId()) || node.outputs().size() != 1) {
      return false;
    }
    Value input = node.input(0);
    TensorType from = graph.type(input);
    TensorType to = graph.type(node.output());
    return graph.constant(input) == null
        && Buffer.isArrayType(from)
        && Buffer.isArrayType(to)
        && from.elementType() == to.elementType()
        && from.shape().elementCount() == to.shape().elementCount();
  }

  private void share(Node node) {
    Value input = node.input(0);
    Value output = node.output();
    boolean sameShape = graph.type(input).shape().equals(graph.type(output).shape());
    if (sameShape) {
      places.put(output, placesOf(input));
    } else {
      Placement from = in(input, Layout.ROW_MAJOR);
      put(output, add(graph.type(output), Layout.ROW_MAJOR, from.storage(), null));
    }
    madeBy.put(output, steps.size() - 1);
  }

  private EnumMap<Layout, Placement> placesOf(Value value) {
    EnumMap<Layout, Placement> known = places.get(value);
    if (known == null) {
      throw new ModelException("nothing makes the value '" + value.name() + "'");
    }
    return known;
  }

  private Placement any(Value value) {
    if (graph.constant(value) != null) {
      return in(value, Layout.ROW_MAJOR);
    }
    EnumMap<Layout, Placement> known = placesOf(value);
    Placement rowMajor = known.get(Layout.ROW_MAJOR);
    return rowMajor != null ? rowMajor : known.values().iterator().next();
  }

  /** The placement of a value in a layout; adds the step that changes the layout where needed. */
  private Placement in(Value value, Layout layout) {
    EnumMap<Layout, Placement> known =
        places.computeIfAbsent(value, _ -> new EnumMap<>(Layout.class));
    Placement wanted = known.get(layout);
    if (wanted != null) {
      return wanted;
    }
    TensorType type = graph.type(value);
    Tensor constant = graph.constant(value);
    if (constant != null) {
      return put(value, add(constant.type(), layout, null, constant));
    }
    Placement other = any(value);
    if (other.storage() == null) {
      return other;
    }
    if (Layout.coincide(type.shape())) {
      return put(value, add(type, layout, other.storage(), null));
    }
    int index = steps.size();
    read(other, index);
    Placement made = make(value, type, layout, index);
    steps.add(
        new Step(
            value.name(),
            "Layout",
            LayoutKernel.of(type, other.layout(), layout),
            "LayoutKernel",
            layout,
            List.of(other),
            List.of(made),
            List.of(),
            0,
            2 * type.shape().elementCount()));
    return made;
  }

  private Placement make(Value value, TensorType type, Layout layout, int step) {
    madeBy.putIfAbsent(value, step);
    if (!Buffer.isArrayType(type)) {
      return put(value, add(type, Layout.ROW_MAJOR, null, null));
    }
    boolean isFloat = type.elementType() == ElementType.FLOAT;
    Storage storage = new Storage(isFloat, type.shape().elementCount(), step);
    storages.add(storage);
    boolean plain = layout == Layout.ROW_MAJOR || type.shape().rank() < 3;
    return put(value, add(type, plain ? Layout.ROW_MAJOR : layout, storage, null));
  }

  private Placement add(
      TensorType type, Layout layout, @Nullable Storage storage, @Nullable Tensor constant) {
    Placement placement = new Placement(placements.size(), type, layout, storage, constant);
    placements.add(placement);
    return placement;
  }

  private Placement put(Value value, Placement placement) {
    places
        .computeIfAbsent(value, _ -> new EnumMap<>(Layout.class))
        .put(placement.layout(), placement);
    return placement;
  }

  private static void read(@Nullable Placement placement, int step) {
    if (placement != null && placement.storage() != null) {
      placement.storage().readBy(step);
    }
  }
}
