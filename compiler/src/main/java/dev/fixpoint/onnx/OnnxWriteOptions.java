package dev.fixpoint.onnx;

import dev.fixpoint.onnx.internal.ModelOutput;
import org.jspecify.annotations.Nullable;

/**
 * How a model is written.
 *
 * @param operators what becomes of the operators that this project adds
 * @param external where tensors go
 * @param opset version of the standard operators; null for the one that the graph says, or what its
 *     operators need
 */
public record OnnxWriteOptions(
    Operators operators, ExternalData external, @Nullable Integer opset) {
  /** The oldest version of the standard operators that can be written. */
  public static final int OLDEST_OPSET = ModelOutput.OLDEST_OPSET;

  /** The newest version of the standard operators that can be written. */
  public static final int NEWEST_OPSET = ModelOutput.NEWEST_OPSET;

  /** What becomes of the operators that this project adds. */
  public enum Operators {
    /**
     * Those that can be spelled out in standard operators are, so that other tools read the file.
     */
    EXPANDED,
    /**
     * As {@link #EXPANDED}, but a fake quantizer stays one node, which calls a function of the
     * model made of standard operators. In text it is spelled out like the others.
     */
    FUNCTIONS,
    /** All are written as they are, so that the same graph is read back. */
    KEPT
  }

  /** Where the elements of large tensors go. */
  public enum ExternalData {
    /**
     * Into the model; into a file beside it where they would pass protobuf's 2 GiB or a quarter of
     * the heap.
     */
    WHEN_NEEDED,
    /** Into a file beside the model. */
    ALWAYS
  }

  /** Operators spelled out, tensors in the model as long as they fit. */
  public static final OnnxWriteOptions DEFAULT =
      new OnnxWriteOptions(Operators.EXPANDED, ExternalData.WHEN_NEEDED, null);

  /** These options with another treatment of the operators that this project adds. */
  public OnnxWriteOptions withOperators(Operators newOperators) {
    return new OnnxWriteOptions(newOperators, external, opset);
  }

  /** These options with another place for large tensors. */
  public OnnxWriteOptions withExternal(ExternalData newExternal) {
    return new OnnxWriteOptions(operators, newExternal, opset);
  }

  /**
   * These options with a version of the standard operators. Writing refuses what cannot be said in
   * it.
   */
  public OnnxWriteOptions withOpset(int newOpset) {
    return new OnnxWriteOptions(operators, external, newOpset);
  }
}
