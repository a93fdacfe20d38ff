package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What sample data shows of some values of a graph under a scheme: from a cache where it was seen
 * before, else by running the data.
 *
 * @param scheme how ranges are chosen, and for which type
 * @param evaluator runs batches
 * @param data sample data
 */
public record Calibration(QuantScheme scheme, Evaluator evaluator, CalibrationData data) {
  /**
   * The summaries of values.
   *
   * @throws CalibrationException if there is no data, or a value is NaN or infinite
   */
  public Map<Value, ValueSummary> of(Graph graph, Set<Value> values) {
    Path file = data.cache();
    if (file == null) {
      return run(graph, values, data.batches());
    }
    CalibrationCache cache = new CalibrationCache(file, data.notices());
    String key = null;
    if (Files.exists(file)) {
      Digest digest = start(graph);
      data.batches().forEach(digest::add);
      key = digest.hex();
      Optional<Map<Value, ValueSummary>> kept =
          cache.find(key).flatMap(found -> byValue(values, found));
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    Digest digest = start(graph);
    Map<Value, ValueSummary> seen = run(graph, values, digested(data.batches(), digest));
    Map<String, ValueSummary> byName = new LinkedHashMap<>();
    seen.forEach((value, summary) -> byName.put(value.name(), summary));
    cache.store(key == null ? digest.hex() : key, byName);
    return seen;
  }

  private Digest start(Graph graph) {
    return new Digest()
        .add(scheme.calibration().text())
        .add(scheme.activationType().text())
        .add(graph);
  }

  private static Optional<Map<Value, ValueSummary>> byValue(
      Set<Value> values, Map<String, ValueSummary> byName) {
    Map<Value, ValueSummary> found = new LinkedHashMap<>();
    for (Value value : values) {
      ValueSummary summary = byName.get(value.name());
      if (summary == null) {
        return Optional.empty();
      }
      found.put(value, summary);
    }
    return Optional.of(found);
  }

  private Map<Value, ValueSummary> run(
      Graph graph, Set<Value> values, Iterable<Map<String, Tensor>> batches) {
    Map<Value, Observer> observers = new LinkedHashMap<>();
    ProfileObserver empty = ProfileObserver.of(scheme.calibration().observer());
    values.forEach(value -> observers.put(value, empty));
    Map<Value, ValueSummary> summaries = new LinkedHashMap<>();
    new Calibrator(evaluator, data.threads())
        .observe(graph, observers, batches)
        .forEach((value, observer) -> summaries.put(value, summary(observer)));
    return summaries;
  }

  private ValueSummary summary(@Nullable Observer observer) {
    return observer instanceof ProfileObserver profile
        ? profile.summary(scheme.activationType())
        : new ValueSummary(Interval.ZERO, 0);
  }

  /** The same batches; each goes into a fingerprint when it is taken. */
  private static Iterable<Map<String, Tensor>> digested(
      Iterable<Map<String, Tensor>> batches, Digest digest) {
    return () -> {
      Iterator<? extends Map<String, Tensor>> given = batches.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return given.hasNext();
        }

        @Override
        public Map<String, Tensor> next() {
          Map<String, Tensor> batch = given.next();
          digest.add(batch);
          return batch;
        }
      };
    };
  }
}
