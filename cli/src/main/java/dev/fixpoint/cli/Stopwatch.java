package dev.fixpoint.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Times of many runs of the same work, taken when the JVM has compiled it.
 *
 * @param millis times in ascending order
 * @param processorMillis median of the processor time that the calling thread took in a run, which
 *     other processes do not stretch
 */
record Stopwatch(double[] millis, double processorMillis) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int FEWEST_RUNS = 5;
  private static final int MOST_RUNS = 10_000;
  private static final int MOST_ROUNDS = 12;
  private static final int IDLE_ROUNDS = 2;
  private static final int IDLE_MILLIS_PER_SECOND = 5;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Keeps a sorted copy. */
  Stopwatch {
    millis = millis.clone();
    Arrays.sort(millis);
  }

  @Override
  public double[] millis() {
    return millis.clone();
  }

  /**
   * Takes the times of runs.
   *
   * @param seconds how long to measure; the warm-up before may take several times as long
   */
  static Stopwatch measure(double seconds, Runnable work) {
    warmUp(seconds, work);
    double[] processor = new double[MOST_RUNS];
    double[] times = repeat(seconds, work, processor);
    Arrays.sort(processor, 0, times.length);
    return new Stopwatch(times, processor[(times.length - 1) / 2]);
  }

  /**
   * Works until the JVM has had nothing to compile twice in a row. A fixed time would not do: where
   * other processes are busy, its compiler threads wait.
   */
  private static void warmUp(double seconds, Runnable work) {
    int idle = 0;
    for (int round = 0; round < MOST_ROUNDS && idle < IDLE_ROUNDS; round++) {
      long before = compiledMillis();
      repeat(seconds / 2, work, new double[MOST_RUNS]);
      idle = compiledMillis() - before <= seconds * IDLE_MILLIS_PER_SECOND ? idle + 1 : 0;
    }
  }

  private static long compiledMillis() {
    return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
  }

  private static double[] repeat(double seconds, Runnable work, double[] processor) {
    double[] times = new double[MOST_RUNS];
    int runs = 0;
    long start = System.nanoTime();
    long end = start + (long) (seconds * NANOS_PER_SECOND);
    while (runs < MOST_RUNS && (runs < FEWEST_RUNS || System.nanoTime() < end)) {
      long processorBefore = THREADS.getCurrentThreadCpuTime();
      long before = System.nanoTime();
      work.run();
      times[runs] = (System.nanoTime() - before) / NANOS_PER_MILLI;
      processor[runs++] = (THREADS.getCurrentThreadCpuTime() - processorBefore) / NANOS_PER_MILLI;
    }
    return Arrays.copyOf(times, runs);
  }

  /** Number of runs. */
  int runs() {
    return millis.length;
  }

  /** The time that a share of runs stayed below. */
  double quantile(double share) {
    return millis[(int) Math.round(share * (millis.length - 1))];
  }

  /** The time in the middle. */
  double median() {
    return quantile(0.5);
  }
}
