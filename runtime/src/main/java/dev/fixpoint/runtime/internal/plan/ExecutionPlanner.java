package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.internal.op.ReferenceKernel;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Kernel;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.runtime.kernel.KernelProvider;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.runtime.kernel.PackedStore;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
  private final PlanDraft draft;
  private final ConcatJoiner joiner;
  private final PackedConstants constants;

  private ExecutionPlanner(
      Graph graph, Set<Value> taps, KernelProvider kernels, PackedStore packed) {
    this.graph = graph;
    this.kernels = kernels;
    this.packed = packed;
    this.draft = new PlanDraft(graph);
    this.joiner = new ConcatJoiner(graph, taps, draft);
    this.constants = new PackedConstants(graph);
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
    return new ExecutionPlanner(graph, taps, kernels, packed).plan(taps);
  }

  private Plan plan(Set<Value> taps) {
    List<Plan.Port> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      Placement placement = draft.make(input, graph.type(input), Layout.ROW_MAJOR, -1);
      inputs.add(Plan.Port.of(input, graph.type(input), placement));
    }
    graph.nodes().forEach(this::visit);
    List<Placement> ends = new ArrayList<>();
    for (Value output : graph.outputs()) {
      ends.add(draft.in(output, Layout.ROW_MAJOR));
    }
    int end = draft.steps().size();
    List<Plan.Port> outputs = new ArrayList<>();
    for (int i = 0; i < ends.size(); i++) {
      Value output = graph.outputs().get(i);
      PlanDraft.read(ends.get(i), end);
      outputs.add(Plan.Port.of(output, graph.type(output), ends.get(i)));
    }
    List<Plan.Tapped> tapped = new ArrayList<>();
    for (Value tap : taps) {
      Placement place = draft.firstPlace(tap);
      PlanDraft.read(place, draft.madeBy(tap));
      tapped.add(new Plan.Tapped(tap, place, draft.madeBy(tap)));
    }
    int floats = Arena.place(draft.storages(true));
    int bytes = Arena.place(draft.storages(false));
    return new Plan(
        draft.steps(),
        draft.placements(),
        inputs,
        outputs,
        tapped,
        floats,
        bytes,
        constants.values());
  }

  private void visit(Node node) {
    if (isFree(node)) {
      draft.share(node);
      return;
    }
    JoinedConcat concat = JoinedConcat.of(graph, node);
    if (concat != null && joiner.join(node.output(), concat)) {
      return;
    }
    KernelCall call = callOf(node);
    Kernel kernel = choose(call);
    Layout layout = kernel.layout(call);
    PreparedKernel prepared = prepare(kernel, call);
    constants.count(node, prepared);
    List<@Nullable Placement> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      inputs.add(input == null || prepared.hasTakenIn(i) ? null : draft.in(input, layout));
    }
    for (Value captured : node.captures()) {
      inputs.add(draft.in(captured, Layout.ROW_MAJOR));
    }
    int index = draft.steps().size();
    inputs.forEach(placement -> PlanDraft.read(placement, index));
    List<Placement> outputs = new ArrayList<>();
    for (Value output : node.outputs()) {
      outputs.add(draft.make(output, graph.type(output), layout, index));
    }
    draft
        .steps()
        .add(
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
    Set<Integer> released = new HashSet<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      boolean last = input != null && draft.isChannelsLast(input);
      layouts.add(last ? Layout.CHANNELS_LAST : Layout.ROW_MAJOR);
      if (input != null && PackedConstants.isReleased(graph, input)) {
        released.add(i);
      }
    }
    List<TensorType> outputTypes = node.outputs().stream().map(graph::type).toList();
    return new KernelCall(node, call, outputTypes, layouts, packed, released);
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
}
