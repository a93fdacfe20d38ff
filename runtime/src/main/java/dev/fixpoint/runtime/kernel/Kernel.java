package dev.fixpoint.runtime.kernel;

/**
 * A fast implementation of an operator for the calls that it supports.
 *
 * <p>To add one: implement {@link #supports} and {@link #prepare}, return it from a {@link
 * KernelProvider}, and hand that to {@code ExecutionOptions.withKernels}. The operator's reference
 * semantics is the oracle: integers must be equal bit for bit, floats within the operator's {@code
 * machineError}.
 */
public interface Kernel {
  /** Whether this kernel can run a call; must be quick. */
  boolean supports(KernelCall call);

  /**
   * The layout in which this kernel reads its array operands and makes its outputs; {@code
   * ROW_MAJOR} unless said otherwise.
   */
  default Layout layout(KernelCall call) {
    return Layout.ROW_MAJOR;
  }

  /**
   * Gets ready for a call: packs constants, checks accumulators.
   *
   * @throws dev.fixpoint.ir.ModelException if the call cannot be run exactly
   */
  PreparedKernel prepare(KernelCall call);
}
