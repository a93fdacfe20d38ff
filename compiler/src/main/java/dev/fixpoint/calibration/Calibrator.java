package dev.fixpoint.calibration;

import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs sample data through a graph and gives what observers saw of some values. One streaming pass:
 * values are handed over when they are computed and may be freed at once, so that memory is one
 * batch for each thread and the observers.
 */
public final class Calibrator {
  private final Evaluator evaluator;
  private final int threads;

  /** A calibrator that evaluates one batch after another. */
  public Calibrator(Evaluator evaluator) {
    this(evaluator, 1);
  }

  /**
   * A calibrator that evaluates several batches at the same time. What it gives has the same bits
   * for any number of threads; observers that depend on the order of batches get one thread.
   *
   * @param evaluator evaluates graphs, from several threads at once
   */
  public Calibrator(Evaluator evaluator, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("calibration takes at least one thread: " + threads);
    }
    this.evaluator = evaluator;
    this.threads = threads;
  }

  /**
   * Observes values over batches.
   *
   * @param observers an observer that has seen nothing for each value
   * @param batches tensor by input name, for each batch
   * @return the observers after all batches
   * @throws CalibrationException if there is no batch, or a value is NaN or infinite
   */
  public Map<Value, Observer> observe(
      Graph graph,
      Map<Value, ? extends Observer> observers,
      Iterable<Map<String, Tensor>> batches) {
    Evaluator.Evaluation evaluation = evaluator.prepare(graph, Set.copyOf(observers.keySet()));
    boolean mergeable = observers.values().stream().allMatch(Observer::isMergeable);
    Pass pass = new Pass(graph, evaluation, new LinkedHashMap<>(observers));
    long samples = threads > 1 && mergeable ? parallel(pass, batches) : inOrder(pass, batches);
    if (samples == 0) {
      throw new CalibrationException(
          "there is no calibration data; give at least one sample for '" + graph.name() + "'");
    }
    return pass.observers;
  }

  private static long inOrder(Pass pass, Iterable<Map<String, Tensor>> batches) {
    long samples = 0;
    for (Map<String, Tensor> batch : batches) {
      pass.observe(batch, samples, pass.observers);
      samples += sampleCount(batch);
    }
    return samples;
  }

  private long parallel(Pass pass, Iterable<Map<String, Tensor>> batches) {
    Map<Value, Observer> empty = Map.copyOf(pass.observers);
    Deque<Future<Map<Value, Observer>>> pending = new ArrayDeque<>();
    long samples = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      try {
        for (Map<String, Tensor> batch : batches) {
          if (pending.size() == 2 * threads) {
            pass.merge(finished(pending.removeFirst()));
          }
          long first = samples;
          pending.addLast(pool.submit(() -> pass.observe(batch, first, new HashMap<>(empty))));
          samples += sampleCount(batch);
        }
        while (!pending.isEmpty()) {
          pass.merge(finished(pending.removeFirst()));
        }
      } finally {
        pool.shutdownNow();
      }
    }
    return samples;
  }

  /** What a batch showed, or why it failed: batches are asked in order, so that the first tells. */
  private static Map<Value, Observer> finished(Future<Map<Value, Observer>> batch) {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException("a batch could not be evaluated", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CalibrationException("calibration was interrupted");
    }
  }

  /**
   * One pass over the data.
   *
   * @param observers what was seen so far
   */
  private record Pass(
      Graph graph, Evaluator.Evaluation evaluation, Map<Value, Observer> observers) {
    /** Lets observers see a batch; gives them back. */
    Map<Value, Observer> observe(
        Map<String, Tensor> batch, long firstSample, Map<Value, Observer> seen) {
      evaluation.evaluate(
          batch,
          (value, tensor) ->
              seen.computeIfPresent(
                  value,
                  (_, observer) -> observer.observe(finite(graph, value, tensor, firstSample))));
      return seen;
    }

    void merge(Map<Value, Observer> batch) {
      batch.forEach((value, observer) -> observers.merge(value, observer, Observer::merge));
    }
  }

  private static long sampleCount(Map<String, Tensor> batch) {
    return batch.values().stream()
        .mapToLong(tensor -> tensor.shape().rank() == 0 ? 1 : tensor.shape().size(0))
        .max()
        .orElse(1);
  }

  /** The elements of a tensor; names node and sample where one is not finite. */
  private static double[] finite(Graph graph, Value value, Tensor tensor, long firstSample) {
    double[] elements = tensor.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      if (!Double.isFinite(elements[i])) {
        Node producer = graph.producer(value);
        long perSample =
            tensor.shape().rank() == 0
                ? 1
                : Math.max(1, elements.length / Math.max(1, tensor.shape().size(0)));
        throw new CalibrationException(
            (producer == null ? "input" : producer.describe())
                + ": '"
                + value.name()
                + "' is "
                + elements[i]
                + " for calibration sample "
                + (firstSample + i / perSample)
                + "; remove the sample or leave the node in float");
      }
    }
    return elements;
  }
}
