package dev.fixpoint.pass;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.rewrite.RewriteException;
import dev.fixpoint.rewrite.RewriteRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pass failed, or its result is not what it promised; carries the last good graph. */
public final class PassException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Graph lastGood;

  /** For a failure inside a pass. */
  PassException(
      Pass pass,
      List<RewriteRecord> records,
      Graph lastGood,
      String problem,
      @Nullable Throwable cause) {
    super(message(pass, records, problem), cause);
    this.lastGood = lastGood;
  }

  private PassException(PassException failure, Path file) {
    super(failure.getMessage() + "; the graph before the pass is in " + file, failure.getCause());
    this.lastGood = failure.lastGood;
  }

  /** This failure, saying in which file the graph before the pass was written. */
  public PassException writtenTo(Path file) {
    return new PassException(this, file);
  }

  /** Whether a pass or a rule is to blame, and not the model or the data that it was given. */
  public boolean isBrokenPass() {
    return getCause() == null || getCause() instanceof RewriteException;
  }

  /** The graph before the pass. */
  public Graph lastGood() {
    return lastGood;
  }

  private static String message(Pass pass, List<RewriteRecord> records, String problem) {
    String fired =
        records.stream()
            .collect(Collectors.groupingBy(RewriteRecord::rewrite, Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getKey() + " × " + entry.getValue())
            .sorted()
            .collect(Collectors.joining(", "));
    return "pass '"
        + pass.name()
        + "': "
        + problem
        + " (fired so far: "
        + (fired.isEmpty() ? "nothing" : fired)
        + ")";
  }
}
