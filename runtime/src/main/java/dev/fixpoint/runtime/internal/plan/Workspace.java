package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.Scratch;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The memory of one run at a time: arenas, buffers over them, and scratch for each thread. */
final class Workspace {
  private static final Evaluator.Tap NO_TAP = (_, _) -> {};

  private final Plan plan;
  private final Workers workers;
  private final List<Buffer> buffers = new ArrayList<>();
  private final Operands[] operands;
  private final Scratch[] scratch;

  Workspace(Plan plan, Workers workers, Primitives primitives) {
    this.plan = plan;
    this.workers = workers;
    float[] floats = new float[plan.floatElements() + Storage.SLACK];
    byte[] bytes = new byte[plan.byteElements() + Storage.SLACK];
    for (Placement placement : plan.placements()) {
      buffers.add(placement.bind(floats, bytes));
    }
    operands = new Operands[plan.steps().size()];
    for (int i = 0; i < operands.length; i++) {
      Step step = plan.steps().get(i);
      List<@Nullable Buffer> inputs = new ArrayList<>();
      for (Placement input : step.inputs()) {
        inputs.add(input == null ? null : buffer(input));
      }
      operands[i] = new Operands(inputs, step.outputs().stream().map(this::buffer).toList());
    }
    scratch = new Scratch[workers.count()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch(primitives);
    }
  }

  private Buffer buffer(Placement placement) {
    return buffers.get(placement.index());
  }

  /**
   * Runs all steps.
   *
   * @param inputs tensor by input name
   * @param tap receives tapped values
   * @param nanos receives the time of each step, or null
   * @return tensor by output name
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs, Evaluator.Tap tap, long @Nullable [] nanos) {
    runSteps(inputs, tap, nanos);
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (Plan.Port port : plan.outputs()) {
      outputs.put(port.value().name(), buffer(port.placement()).toTensor());
    }
    return outputs;
  }

  /** Runs all steps and copies the outputs into the caller's memory; allocates nothing itself. */
  void run(Map<String, Tensor> inputs, Map<String, MemorySegment> outputs) {
    List<Plan.Port> ports = plan.outputs();
    for (int i = 0; i < ports.size(); i++) {
      checkMemory(ports.get(i), outputs);
    }
    runSteps(inputs, NO_TAP, null);
    for (int i = 0; i < ports.size(); i++) {
      MemorySegment memory = Objects.requireNonNull(outputs.get(ports.get(i).value().name()));
      buffer(ports.get(i).placement()).copyTo(memory);
    }
  }

  private static void checkMemory(Plan.Port port, Map<String, MemorySegment> outputs) {
    MemorySegment memory = outputs.get(port.value().name());
    if (memory == null) {
      throw new IllegalArgumentException(
          "there is no memory for the output '" + port.value().name() + "'");
    }
    long bytes = port.bytes();
    if (bytes >= 0 && memory.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "the output '"
              + port.value().name()
              + "' of type "
              + port.type()
              + " takes "
              + bytes
              + " bytes, but its memory has "
              + memory.byteSize());
    }
  }

  private void runSteps(Map<String, Tensor> inputs, Evaluator.Tap tap, long @Nullable [] nanos) {
    List<Plan.Port> ports = plan.inputs();
    for (int i = 0; i < ports.size(); i++) {
      Plan.Port port = ports.get(i);
      buffer(port.placement()).set(Objects.requireNonNull(inputs.get(port.value().name())));
    }
    tapAfter(-1, tap);
    boolean many = workers.tryTake();
    try {
      for (int i = 0; i < operands.length; i++) {
        long start = nanos == null ? 0 : System.nanoTime();
        runStep(i, many);
        if (nanos != null) {
          nanos[i] += System.nanoTime() - start;
        }
        tapAfter(i, tap);
      }
    } finally {
      if (many) {
        workers.release();
      }
    }
  }

  private void runStep(int index, boolean many) {
    Step step = plan.steps().get(index);
    if (many && step.isWorthSplitting()) {
      workers.run(step.kernel(), operands[index], scratch);
    } else {
      step.kernel().execute(operands[index], 0, step.kernel().units(), scratch[0]);
    }
  }

  private void tapAfter(int step, Evaluator.Tap tap) {
    List<Plan.Tapped> taps = plan.taps();
    for (int i = 0; i < taps.size(); i++) {
      if (taps.get(i).step() == step) {
        tap.accept(taps.get(i).value(), buffer(taps.get(i).placement()).toTensor());
      }
    }
  }
}
