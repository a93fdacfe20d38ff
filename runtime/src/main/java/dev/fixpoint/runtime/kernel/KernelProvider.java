package dev.fixpoint.runtime.kernel;

import dev.fixpoint.op.OpId;
import java.util.List;

/** Something that has kernels for operators. */
@FunctionalInterface
public interface KernelProvider {
  /** The kernels for an operator, the best first; empty where there is none. */
  List<Kernel> kernels(OpId op);
}
