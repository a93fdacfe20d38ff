package dev.fixpoint.onnx.internal;

import dev.fixpoint.op.AttributeValue;
import java.util.List;

/**
 * The value of an attribute as it is written: subgraphs are not yet connected to their
 * surroundings.
 */
public sealed interface SourceAttribute {
  /** A value that holds no graph. */
  record Plain(AttributeValue value) implements SourceAttribute {}

  /** A subgraph. */
  record OfGraph(SourceGraph graph) implements SourceAttribute {}

  /** A list of subgraphs. */
  record OfGraphs(List<SourceGraph> graphs) implements SourceAttribute {
    /** Keeps an immutable copy. */
    public OfGraphs {
      graphs = List.copyOf(graphs);
    }
  }

  /** Inside a function: the value of the call's attribute with that name. */
  record Reference(String attribute) implements SourceAttribute {}
}
