package dev.fixpoint.ir;

/** A model that cannot be right: the message names the place and, where there is one, the mend. */
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the place. */
  public ModelException(String message) {
    super(message);
  }

  /** With a message that names the place, and what led to it. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The exception for a node: its description, then what is wrong with it. */
  public static ModelException at(Node node, String problem) {
    return new ModelException(node.describe() + ": " + problem);
  }
}
