package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Set;

/**
 * Everything that a run needs besides memory: steps in order, placements, and the sizes of the
 * arenas.
 */
public final class Plan {
  private final List<Step> steps;
  private final List<Placement> placements;
  private final List<Port> inputs;
  private final List<Port> outputs;
  private final List<Tapped> taps;
  private final int floatElements;
  private final int byteElements;
  private final Set<Value> packed;

  /** A graph input or output and where it lies. */
  record Port(Value value, TensorType type, Placement placement, long bytes) {
    /** A port whose tensors have a known number of bytes, or -1 where they do not. */
    static Port of(Value value, TensorType type, Placement placement) {
      boolean known = type.shape().isStatic() && type.elementType().bits() > 0;
      long bytes = known ? type.elementType().bytes(type.shape().elementCount()) : -1;
      return new Port(value, type, placement, bytes);
    }
  }

  /** A tapped value, where it lies, and after which step; -1 before the first. */
  record Tapped(Value value, Placement placement, int step) {}

  Plan(
      List<Step> steps,
      List<Placement> placements,
      List<Port> inputs,
      List<Port> outputs,
      List<Tapped> taps,
      int floatElements,
      int byteElements,
      Set<Value> packed) {
    this.steps = List.copyOf(steps);
    this.placements = List.copyOf(placements);
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.taps = List.copyOf(taps);
    this.floatElements = floatElements;
    this.byteElements = byteElements;
    this.packed = Set.copyOf(packed);
  }

  /** Constants that no plan of the session needs any more, because their readers packed them. */
  public Set<Value> packed() {
    return packed;
  }

  List<Step> steps() {
    return steps;
  }

  List<Placement> placements() {
    return placements;
  }

  List<Port> inputs() {
    return inputs;
  }

  /** Shapes of the inputs, in the order of the graph. */
  public List<Shape> inputShapes() {
    return inputs.stream().map(port -> port.type().shape()).toList();
  }

  List<Port> outputs() {
    return outputs;
  }

  List<Tapped> taps() {
    return taps;
  }

  int floatElements() {
    return floatElements;
  }

  int byteElements() {
    return byteElements;
  }

  /** Bytes of the arenas of one run. */
  public long arenaBytes() {
    return 4L * floatElements + byteElements;
  }

  /** Bytes of packed constants that the steps keep; shared by all plans of a session. */
  public long packedBytes() {
    return steps.stream().mapToLong(step -> step.kernel().packedBytes()).sum();
  }

  /** Number of steps. */
  public int stepCount() {
    return steps.size();
  }

  /** What is known of a step. */
  public StepSummary summary(int index) {
    Step step = steps.get(index);
    return new StepSummary(
        step.name(),
        step.operator(),
        step.kernelName(),
        step.layout(),
        step.outputs().stream().map(Placement::type).toList(),
        step.outputs().stream()
            .map(placement -> placement.storage() == null ? -1L : placement.storage().offset())
            .toList(),
        step.multiplyAccumulates(),
        step.kernel().isInteger());
  }
}
