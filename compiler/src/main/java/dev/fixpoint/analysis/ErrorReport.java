package dev.fixpoint.analysis;

import dev.fixpoint.bound.Range;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was proved of a compiled graph: the certificates of its tensors and outputs against the
 * graph that was given.
 *
 * @param lines the tensors in the order of the graph
 * @param outputs certificate by output name
 * @param inputRanges the box for which all of it holds, by input name
 */
public record ErrorReport(
    List<Line> lines, Map<String, Certificate> outputs, Map<String, Range> inputRanges) {
  /** Keeps immutable copies. */
  public ErrorReport {
    lines = List.copyOf(lines);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    inputRanges = Map.copyOf(inputRanges);
  }

  /**
   * One tensor.
   *
   * @param tensor its name
   * @param node what makes it
   * @param local how far that node is from the one before, given the same inputs
   * @param composed how far the tensor is from that of the source
   */
  public record Line(String tensor, String node, Certificate local, Certificate composed) {}
}
