package dev.fixpoint.onnx;

/**
 * How a model is written.
 *
 * @param external where tensors go
 */
public record OnnxWriteOptions(ExternalData external) {
  /** Where the elements of large tensors go. */
  public enum ExternalData {
    /** Into the model, or into a file beside it where the model would pass protobuf's 2 GiB. */
    WHEN_NEEDED,
    /** Into a file beside the model. */
    ALWAYS
  }

  /** Tensors in the model as long as they fit. */
  public static final OnnxWriteOptions DEFAULT = new OnnxWriteOptions(ExternalData.WHEN_NEEDED);

  /** These options with another place for large tensors. */
  public OnnxWriteOptions withExternal(ExternalData newExternal) {
    return new OnnxWriteOptions(newExternal);
  }
}
