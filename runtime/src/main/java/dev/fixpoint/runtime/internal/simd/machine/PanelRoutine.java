package dev.fixpoint.runtime.internal.simd.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Machine code that multiplies rows with a panel of columns.
 *
 * @param operation what a step does
 * @param function the code
 */
public record PanelRoutine(MultiplyAdd operation, MethodHandle function) {
  /** Bytes of a row that a step takes. */
  public static final int STEP_BYTES = 4;

  /** Entry of the table: number of rows. */
  public static final int ROWS = 0;

  /** Entry of the table: bytes of a run, whole steps. */
  public static final int LENGTH = 1;

  /** Entry of the table: number of runs. */
  public static final int RUNS = 2;

  /** Entry of the table: negative to begin from the start, else sums are continued. */
  public static final int CONTINUES = 3;

  /** Entry of the table: byte at which the panel begins. */
  public static final int PANEL = 4;

  /** Entry of the table: byte at which what its columns start from begins. */
  public static final int START = 5;

  /** First of the entries of the table that say where each run of a row begins, in bytes. */
  public static final int SHIFTS = 6;

  private static final FunctionDescriptor OF_SIX =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);

  /** Writes a routine for panels whose rows fill some vectors of some width. */
  static PanelRoutine of(MultiplyAdd operation, int vectorBits, int vectors) {
    byte[] code = PanelCode.of(operation, vectorBits, vectors);
    return new PanelRoutine(operation, CodeMemory.function(code, OF_SIX));
  }

  /**
   * Adds the products of rows with the columns of a panel, and stores sums as float32.
   *
   * <p>Arguments are trusted: nothing is checked, and memory outside of the arrays can be read.
   *
   * @param rows array in which the rows lie
   * @param offsets element at which each row begins
   * @param panel array with the panel, for each step of each run the elements of all columns:
   *     column by column, as many of each as a step takes
   * @param sums receives a row of sums for each row
   * @param start array with what sums begin from, int32 where products are integers
   * @param table what {@link #ROWS} and the other constants tell
   */
  public void multiply(
      MemorySegment rows,
      MemorySegment offsets,
      MemorySegment panel,
      MemorySegment sums,
      MemorySegment start,
      MemorySegment table) {
    try {
      function.invokeExact(rows, offsets, panel, sums, start, table);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("machine code cannot throw", e);
    }
  }
}
