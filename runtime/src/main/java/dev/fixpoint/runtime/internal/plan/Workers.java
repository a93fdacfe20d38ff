package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.runtime.kernel.Operands;
import dev.fixpoint.runtime.kernel.PreparedKernel;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a session. A step's units are cut into as many ranges as there are threads, always
 * the same way; the caller takes the first. Handing a step over allocates nothing.
 */
final class Workers implements AutoCloseable {
  private static final int SPINS = 2_000;

  private final Thread[] threads;
  private final ReentrantLock use = new ReentrantLock();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread caller;
  private @Nullable PreparedKernel kernel;
  private @Nullable Operands operands;
  private Scratch[] scratch = {};

  Workers(int threadCount) {
    threads = new Thread[Math.max(0, threadCount - 1)];
    for (int i = 0; i < threads.length; i++) {
      int part = i + 1;
      threads[i] = new Thread(() -> serve(part), "fixpoint-worker-" + part);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  int count() {
    return threads.length + 1;
  }

  /** Takes the threads for a run, if nobody else has them. */
  boolean tryTake() {
    return threads.length > 0 && !closed && use.tryLock();
  }

  void release() {
    use.unlock();
  }

  /** Runs all units on all threads; only between {@link #tryTake} and {@link #release}. */
  void run(PreparedKernel step, Operands stepOperands, Scratch[] stepScratch) {
    kernel = step;
    operands = stepOperands;
    scratch = stepScratch;
    caller = Thread.currentThread();
    pending.set(threads.length);
    turn.incrementAndGet();
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    try {
      part(0);
    } finally {
      await();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw new IllegalStateException("a worker thread failed: " + thrown, thrown);
    }
  }

  private void await() {
    for (int spins = 0; pending.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 50_000);
      }
    }
  }

  private void part(int part) {
    PreparedKernel step = kernel;
    Operands stepOperands = operands;
    if (step == null || stepOperands == null) {
      return;
    }
    int units = step.units();
    int first = (int) ((long) units * part / count());
    int end = (int) ((long) units * (part + 1) / count());
    if (first < end) {
      step.execute(stepOperands, first, end, scratch[part]);
    }
  }

  private void serve(int part) {
    int seen = 0;
    while (true) {
      for (int spins = 0; turn.get() == seen; spins++) {
        if (closed) {
          return;
        }
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      seen = turn.get();
      try {
        part(part);
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        if (pending.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
