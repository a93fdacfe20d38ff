/**
 * The data that users give to commands: arrays of NumPy, tensors of ONNX, and pictures, cut into
 * batches as a model takes them.
 *
 * <p>Knows tensors and graphs, nothing of commands. Start reading at {@code DataReader}.
 */
@NullMarked
package dev.fixpoint.cli.data;

import org.jspecify.annotations.NullMarked;
