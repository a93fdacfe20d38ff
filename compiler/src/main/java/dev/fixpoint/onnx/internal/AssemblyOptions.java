package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.OpRegistry;

/**
 * How a graph is made of a written model.
 *
 * @param registry definitions of operators
 * @param keepUnknown whether an operator without a definition is kept; otherwise it is refused
 */
public record AssemblyOptions(OpRegistry registry, boolean keepUnknown) {}
