package dev.fixpoint.runtime.kernel;

import dev.fixpoint.op.OpId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An immutable catalogue of kernels by operator; the first that supports a call runs it. */
public final class KernelRegistry implements KernelProvider {
  private final Map<OpId, List<Kernel>> kernels;

  private KernelRegistry(Map<OpId, List<Kernel>> kernels) {
    this.kernels = kernels;
  }

  /** A catalogue without kernels. */
  public static KernelRegistry empty() {
    return new KernelRegistry(Map.of());
  }

  /** This catalogue and one more kernel, which is asked before the others of that operator. */
  public KernelRegistry plus(OpId op, Kernel kernel) {
    Map<OpId, List<Kernel>> merged = new LinkedHashMap<>(kernels);
    List<Kernel> list = new ArrayList<>(List.of(kernel));
    list.addAll(kernels.getOrDefault(op, List.of()));
    merged.put(op, List.copyOf(list));
    return new KernelRegistry(merged);
  }

  @Override
  public List<Kernel> kernels(OpId op) {
    return kernels.getOrDefault(op, List.of());
  }

  /** The operators that have kernels here, in the order in which they were added. */
  public List<OpId> operators() {
    return List.copyOf(kernels.keySet());
  }
}
