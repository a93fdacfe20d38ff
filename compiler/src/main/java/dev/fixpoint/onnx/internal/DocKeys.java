package dev.fixpoint.onnx.internal;

/**
 * The keys of the properties that hold the documentation of graphs and nodes in ONNX text, whose
 * syntax has no place for it: {@code fixpoint.doc} for the main graph, {@code fixpoint.doc:y} for
 * the node that makes y, {@code fixpoint.doc:y | body | t} for a node in its subgraph.
 */
final class DocKeys {
  private static final String GRAPH = "fixpoint.doc";

  private DocKeys() {}

  /** The path of the main graph. */
  static final String MAIN = "";

  /** The path of a node of a graph, by its first output. */
  static String node(String graphPath, String output) {
    return graphPath.isEmpty() ? output : graphPath + " | " + output;
  }

  /**
   * The path of a subgraph.
   *
   * @param index number within a list of subgraphs, or -1 for an attribute that is one
   */
  static String subgraph(String nodePath, String attribute, int index) {
    return nodePath + " | " + attribute + (index < 0 ? "" : "[" + index + "]");
  }

  /** The key of the property for a path. */
  static String key(String path) {
    return path.isEmpty() ? GRAPH : GRAPH + ":" + path;
  }
}
