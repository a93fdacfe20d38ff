package dev.fixpoint.onnx;

import dev.fixpoint.onnx.OnnxWriteOptions.Operators;

/**
 * How a graph is written as text.
 *
 * @param operators what becomes of the operators that this project adds
 * @param header whether the model around the graph is written: versions, opsets, properties,
 *     documentation
 * @param inferredTypes whether the types of values between the nodes are written
 */
public record OnnxTextOptions(Operators operators, boolean header, boolean inferredTypes) {
  /** Everything, operators as they are: what is read back is the same graph. */
  public static final OnnxTextOptions DEFAULT = new OnnxTextOptions(Operators.KEPT, true, true);

  /** The graph alone, without what follows from it: for people to read and compare. */
  public static final OnnxTextOptions BRIEF = new OnnxTextOptions(Operators.KEPT, false, false);

  /** These options with another treatment of the operators that this project adds. */
  public OnnxTextOptions withOperators(Operators newOperators) {
    return new OnnxTextOptions(newOperators, header, inferredTypes);
  }
}
