package dev.fixpoint.testing;

import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.pass.BrokenPromiseException;
import dev.fixpoint.pass.PassException;
import dev.fixpoint.rewrite.RewriteException;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The smallest graph found on which a rewrite leaves its bound, looked for from the nodes that it
 * was seen on.
 *
 * @param graph the graph: compiling it shows the same
 * @param broken what is seen there, with inputs
 */
public record SmallestFailure(Graph graph, BrokenPromiseException broken) {
  private static final Range UNKNOWN = Range.of(-1, 1);

  /** Compiles a graph under the same check. */
  @FunctionalInterface
  public interface Compilation {
    /**
     * Compiles.
     *
     * @param graph the graph
     * @param ranges a range for each of its inputs
     */
    void compile(Graph graph, Map<String, Range> ranges);
  }

  /**
   * Looks for it. Where the nodes by themselves do not show the failure, they are what is found.
   *
   * @param first what was seen
   * @param compilation compiles smaller graphs as the one was that it was seen on
   */
  public static SmallestFailure of(BrokenPromiseException first, Compilation compilation) {
    Search search = new Search(first, compilation);
    Graph start = first.neighbourhood().before();
    if (!search.shows(start)) {
      return new SmallestFailure(start, first);
    }
    return new SmallestFailure(SmallestGraph.of(start, search::shows), search.last);
  }

  /** What went wrong, the graph in ONNX text, the inputs, and what became of the nodes. */
  public String text() {
    StringBuilder text = new StringBuilder(String.valueOf(broken.getMessage()));
    text.append("; the smallest graph found:\n").append(OnnxTextWriter.toText(graph).strip());
    for (Map.Entry<String, Tensor> input : broken.inputs().entrySet()) {
      text.append("\nwhere ").append(input.getKey()).append(" = ").append(input.getValue());
    }
    return text.append("\nbecomes\n")
        .append(OnnxTextWriter.toText(broken.neighbourhood().after()).strip())
        .toString();
  }

  private static final class Search {
    private final Compilation compilation;
    private BrokenPromiseException last;

    Search(BrokenPromiseException first, Compilation compilation) {
      this.last = first;
      this.compilation = compilation;
    }

    /** Whether the same rewrite leaves its bound on a graph. */
    boolean shows(Graph graph) {
      try {
        compilation.compile(graph, ranges(graph));
        return false;
      } catch (BrokenPromiseException e) {
        boolean same = e.record().rewrite().equals(last.record().rewrite());
        last = same ? e : last;
        return same;
      } catch (PassException | RewriteException | ModelException | IllegalArgumentException e) {
        return false; // another failure is not this one
      }
    }

    private Map<String, Range> ranges(Graph graph) {
      Map<String, RewriteRecord.Boundary> known = last.neighbourhood().boundary();
      Map<String, Range> ranges = new LinkedHashMap<>();
      for (Value input : graph.inputs()) {
        RewriteRecord.Boundary boundary = known.get(input.name());
        Range range = boundary == null ? Range.ALL : boundary.range();
        ranges.put(input.name(), range.isBounded() ? range.uniform() : UNKNOWN);
      }
      return ranges;
    }
  }
}
