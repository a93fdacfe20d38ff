package dev.fixpoint.runtime.internal.plan;

/** The threads of a session, started when the session is made. */
public final class WorkerPool implements AutoCloseable {
  private final Workers workers;

  /** A pool that runs a step on the given number of threads, the caller's included. */
  public WorkerPool(int threads) {
    this.workers = new Workers(threads);
  }

  Workers workers() {
    return workers;
  }

  @Override
  public void close() {
    workers.close();
  }
}
