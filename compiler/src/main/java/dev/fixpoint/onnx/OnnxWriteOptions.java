package dev.fixpoint.onnx;

/**
 * How a model is written.
 *
 * @param operators what becomes of the operators that this project adds
 * @param external where tensors go
 */
public record OnnxWriteOptions(Operators operators, ExternalData external) {
  /** What becomes of the operators that this project adds. */
  public enum Operators {
    /**
     * Those that can be spelled out in standard operators are, so that other tools read the file.
     */
    EXPANDED,
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
      new OnnxWriteOptions(Operators.EXPANDED, ExternalData.WHEN_NEEDED);

  /** These options with another treatment of the operators that this project adds. */
  public OnnxWriteOptions withOperators(Operators newOperators) {
    return new OnnxWriteOptions(newOperators, external);
  }

  /** These options with another place for large tensors. */
  public OnnxWriteOptions withExternal(ExternalData newExternal) {
    return new OnnxWriteOptions(operators, newExternal);
  }
}
