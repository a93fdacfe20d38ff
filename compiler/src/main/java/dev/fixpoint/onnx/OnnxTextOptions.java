package dev.fixpoint.onnx;

import dev.fixpoint.onnx.OnnxWriteOptions.Operators;
import org.jspecify.annotations.Nullable;

/**
 * How a graph is written as text.
 *
 * @param operators what becomes of the operators that this project adds
 * @param header whether the model around the graph is written: versions, opsets, properties,
 *     documentation
 * @param inferredTypes whether the types of values between the nodes are written
 * @param opset version of the standard operators; null for the one that the graph says
 */
public record OnnxTextOptions(
    Operators operators, boolean header, boolean inferredTypes, @Nullable Integer opset) {
  /** Everything, operators as they are: what is read back is the same graph. */
  public static final OnnxTextOptions DEFAULT =
      new OnnxTextOptions(Operators.KEPT, true, true, null);

  /** The graph alone, without what follows from it: for people to read and compare. */
  public static final OnnxTextOptions BRIEF =
      new OnnxTextOptions(Operators.KEPT, false, false, null);

  /** These options with another treatment of the operators that this project adds. */
  public OnnxTextOptions withOperators(Operators newOperators) {
    return new OnnxTextOptions(newOperators, header, inferredTypes, opset);
  }

  /**
   * These options with a version of the standard operators. Writing refuses what cannot be said in
   * it.
   */
  public OnnxTextOptions withOpset(int newOpset) {
    return new OnnxTextOptions(operators, header, inferredTypes, newOpset);
  }
}
