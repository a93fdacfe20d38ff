package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.KernelRegistry;

/** The catalogue of kernels that come with the runtime. */
public final class Kernels {
  /** All kernels. */
  public static final KernelRegistry ALL = KernelRegistry.empty();

  private Kernels() {}
}
