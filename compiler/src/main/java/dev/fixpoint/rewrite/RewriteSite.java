package dev.fixpoint.rewrite;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import java.util.List;
import java.util.function.Function;

/**
 * One application of a rewrite, as an error contract sees it.
 *
 * @param graph the graph before
 * @param nodes nodes that the rewrite looked at, the root first
 * @param replacement what takes their place
 * @param output the value whose error is asked for, made by the graph before
 * @param ranges range of every value of the graph before
 */
public record RewriteSite(
    GraphView graph,
    List<Node> nodes,
    Replacement replacement,
    Value output,
    Function<Value, Range> ranges) {}
