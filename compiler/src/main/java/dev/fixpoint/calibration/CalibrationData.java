package dev.fixpoint.calibration;

import dev.fixpoint.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sample data for calibration, and how to go through it.
 *
 * @param batches tensor by input name, for each batch; read once, and once more where a cache is
 *     asked for
 * @param threads batches that are evaluated at the same time; the result does not depend on it
 * @param cache file that keeps what was seen for the next time, or null
 * @param notices receives a sentence where the cache is not what it should be
 */
public record CalibrationData(
    Iterable<Map<String, Tensor>> batches,
    int threads,
    @Nullable Path cache,
    Consumer<String> notices) {
  /** Refuses a number of threads below 1. */
  public CalibrationData {
    if (threads < 1) {
      throw new IllegalArgumentException("calibration takes at least one thread: " + threads);
    }
  }

  /** Batches on one thread, without a cache. */
  public static CalibrationData of(Iterable<Map<String, Tensor>> batches) {
    return new CalibrationData(batches, 1, null, _ -> {});
  }

  /** This data, evaluated by so many threads. */
  public CalibrationData withThreads(int count) {
    return new CalibrationData(batches, count, cache, notices);
  }

  /** This data, with what was seen kept in a file. */
  public CalibrationData withCache(Path file, Consumer<String> toTell) {
    return new CalibrationData(batches, threads, file, toTell);
  }
}
