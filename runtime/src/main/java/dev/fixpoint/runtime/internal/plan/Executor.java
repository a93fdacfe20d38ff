package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.runtime.internal.simd.Primitives;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs one plan; each concurrent run takes a workspace of its own, which is kept for the next. */
public final class Executor {
  private static final int KEPT = 4;

  private final Plan plan;
  private final WorkerPool pool;
  private final Primitives primitives;
  private final ArrayDeque<Workspace> idle = new ArrayDeque<>();

  /** An executor of a plan on the threads of a pool, with the primitives that it was made with. */
  public Executor(Plan plan, WorkerPool pool, Primitives primitives) {
    this.plan = plan;
    this.pool = pool;
    this.primitives = primitives;
  }

  /** The plan. */
  public Plan plan() {
    return plan;
  }

  /** Whether the plan is for inputs of these shapes; types have been checked. */
  public boolean fits(Map<String, Tensor> inputs) {
    List<Plan.Port> ports = plan.inputs();
    for (int i = 0; i < ports.size(); i++) {
      Tensor given = inputs.get(ports.get(i).value().name());
      if (given == null || !Buffer.hasShape(given.shape(), ports.get(i).type().shape())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs the plan.
   *
   * @param inputs tensor by input name
   * @param tap receives tapped values
   * @param nanos to which the time of each step is added, or null
   * @return tensor by output name
   */
  public Map<String, Tensor> run(
      Map<String, Tensor> inputs, Evaluator.Tap tap, long @Nullable [] nanos) {
    Workspace workspace = take();
    try {
      return workspace.run(inputs, tap, nanos);
    } finally {
      give(workspace);
    }
  }

  /**
   * Runs the plan into the caller's memory.
   *
   * @param outputs memory by output name
   */
  public void run(Map<String, Tensor> inputs, Map<String, MemorySegment> outputs) {
    Workspace workspace = take();
    try {
      workspace.run(inputs, outputs);
    } finally {
      give(workspace);
    }
  }

  private Workspace take() {
    synchronized (idle) {
      Workspace workspace = idle.pollFirst();
      if (workspace != null) {
        return workspace;
      }
    }
    return new Workspace(plan, pool.workers(), primitives);
  }

  private void give(Workspace workspace) {
    synchronized (idle) {
      if (idle.size() < KEPT) {
        idle.addFirst(workspace);
      }
    }
  }
}
