package dev.fixpoint.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Files of the data folder. */
final class SharedData {
  private SharedData() {}

  /**
   * A file; where it is missing, a test under CI fails, and one elsewhere is reported as skipped.
   */
  static Path path(String relative) {
    Path path = Path.of(System.getProperty("fixpoint.data", "../../shared/data"), relative);
    if (!Files.exists(path)) {
      String problem = "no test data at " + path + "; set -Dfixpoint.data to its folder";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw new IllegalStateException(problem);
      }
      Assumptions.abort(problem);
    }
    return path;
  }
}
