package dev.fixpoint.pass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An observer that takes down how long each pass ran and what it did to the size of the graph. */
public final class PassTimes implements PassObserver {
  private final List<Line> lines = new ArrayList<>();

  /**
   * One pass.
   *
   * @param pass its name
   * @param duration how long it ran, verification included
   * @param rewrites how many rewrites it applied
   * @param nodesBefore nodes before
   * @param nodesAfter nodes after
   */
  public record Line(
      String pass, Duration duration, int rewrites, int nodesBefore, int nodesAfter) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-24s %8.1f ms %6d rewrites %6d -> %d nodes",
          pass,
          duration.toNanos() / 1e6,
          rewrites,
          nodesBefore,
          nodesAfter);
    }
  }

  @Override
  public void passed(Step step) {
    lines.add(
        new Line(
            step.pass().name(),
            step.duration(),
            step.records().size(),
            step.before().nodes().size(),
            step.after().nodes().size()));
  }

  /** The passes so far, in order. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** One line for each pass so far. */
  @Override
  public String toString() {
    return String.join("\n", lines.stream().map(Line::toString).toList());
  }
}
