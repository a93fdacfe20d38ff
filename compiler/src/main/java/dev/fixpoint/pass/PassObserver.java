package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.rewrite.RewriteRecord;
import java.time.Duration;
import java.util.List;

/** Is told of every pass that has run. */
@FunctionalInterface
public interface PassObserver {
  /** A pass has run and its result is verified. */
  void passed(Step step);

  /**
   * One pass that has run.
   *
   * @param pass the pass
   * @param before graph before
   * @param after graph after
   * @param records rewrites that it applied
   * @param duration how long it took
   */
  record Step(
      Pass pass, Graph before, Graph after, List<RewriteRecord> records, Duration duration) {
    /** Keeps an immutable copy. */
    public Step {
      records = List.copyOf(records);
    }
  }
}
