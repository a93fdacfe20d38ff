package dev.fixpoint.ir;

/**
 * One place where a value is read.
 *
 * @param node the reader
 * @param index position among its inputs; {@link #CAPTURE} where a subgraph attribute reads it
 */
public record Use(Node node, int index) {
  /** The index of a use by a subgraph attribute. */
  public static final int CAPTURE = -1;
}
