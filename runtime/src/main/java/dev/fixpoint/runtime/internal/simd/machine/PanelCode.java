package dev.fixpoint.runtime.internal.simd.machine;

import static dev.fixpoint.runtime.internal.simd.machine.Register.R10;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R11;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R12;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R13;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R14;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R15;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R8;
import static dev.fixpoint.runtime.internal.simd.machine.Register.R9;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RAX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RBP;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RBX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RCX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RDI;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RDX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RSI;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RSP;

import dev.fixpoint.runtime.internal.simd.machine.Assembler.Condition;
import dev.fixpoint.runtime.internal.simd.machine.Assembler.Label;
import java.util.List;

/**
 * Writes the routine that multiplies rows with one panel: tiles of rows outside, runs of
 * neighbouring elements inside them, steps inside those, with all accumulators in registers. One
 * tile is written out for each number of rows, so that the last rows need no padding.
 *
 * <p>The arguments of the routine, by the calling convention of System V for AMD64: rows, offsets,
 * panel, sums, start, table; see {@link PanelRoutine#multiply}.
 */
final class PanelCode {
  /** Each points to the element of its row that a tile reads next. */
  private static final List<Register> ROWS = List.of(RAX, RBX, RBP, R10, R11, R12, R13, R14);

  /** To be left as they were found. */
  private static final List<Register> KEPT = List.of(RBX, RBP, R12, R13, R14, R15);

  private static final Memory FRAME_ROWS = Memory.at(RSP, 0);
  private static final Memory FRAME_PANEL = Memory.at(RSP, 8);
  private static final Memory FRAME_START = Memory.at(RSP, 16);
  private static final Memory FRAME_LEFT = Memory.at(RSP, 24);
  private static final int FRAME = 40;

  private static final Memory TABLE_ROWS = Memory.at(R9, 4 * PanelRoutine.ROWS);
  private static final Memory TABLE_LENGTH = Memory.at(R9, 4 * PanelRoutine.LENGTH);
  private static final Memory TABLE_RUNS = Memory.at(R9, 4 * PanelRoutine.RUNS);
  private static final Memory TABLE_CONTINUES = Memory.at(R9, 4 * PanelRoutine.CONTINUES);
  private static final Memory TABLE_PANEL = Memory.at(R9, 4 * PanelRoutine.PANEL);
  private static final Memory TABLE_START = Memory.at(R9, 4 * PanelRoutine.START);
  private static final Memory TABLE_SHIFT = new Memory(R9, R8, 4, 4 * PanelRoutine.SHIFTS);

  private final Assembler code;
  private final MultiplyAdd operation;
  private final int vectorBytes;
  private final int vectors;
  private final int tile;
  private final int firstOfPanel;
  private final int broadcast;
  private final int product;

  private PanelCode(MultiplyAdd operation, int vectorBits, int vectors) {
    this.code = new Assembler(vectorBits);
    this.operation = operation;
    this.vectorBytes = vectorBits / 8;
    this.vectors = vectors;
    this.tile = tile(vectorBits, vectors);
    this.firstOfPanel = tile * vectors;
    this.broadcast = firstOfPanel + vectors;
    this.product = broadcast + 1;
  }

  /** Rows of the largest tile: its accumulators, the panel, a broadcast and a product fit. */
  private static int tile(int vectorBits, int vectors) {
    int registers = vectorBits == 256 ? 16 : 32;
    return Math.min(ROWS.size(), (registers - vectors - 2) / vectors);
  }

  /**
   * The code.
   *
   * @param vectors vectors that a row of the panel fills
   */
  static byte[] of(MultiplyAdd operation, int vectorBits, int vectors) {
    return new PanelCode(operation, vectorBits, vectors).write();
  }

  private byte[] write() {
    KEPT.forEach(code::push);
    code.subtract(RSP, FRAME);
    code.store(FRAME_ROWS, RDI);
    code.loadInt(RAX, TABLE_PANEL);
    code.add(RDX, RAX);
    code.store(FRAME_PANEL, RDX);
    code.loadInt(RAX, TABLE_START);
    code.add(R8, RAX);
    code.store(FRAME_START, R8);
    code.loadInt(RAX, TABLE_ROWS);
    code.store(FRAME_LEFT, RAX);
    Label next = new Label();
    code.place(next);
    code.load(RAX, FRAME_LEFT);
    for (int rows = tile; rows > 0; rows--) {
      Label fewer = new Label();
      code.compare(RAX, rows);
      code.jump(Condition.LESS, fewer);
      writeTile(rows);
      code.jump(next);
      code.place(fewer);
    }
    code.vzeroupper();
    code.add(RSP, FRAME);
    KEPT.reversed().forEach(code::pop);
    code.ret();
    return code.code();
  }

  private void writeTile(int rows) {
    begin(rows);
    for (int row = 0; row < rows; row++) {
      Register pointer = ROWS.get(row);
      code.loadInt(pointer, Memory.at(RSI, 4 * row));
      code.address(pointer, Memory.at(RDI, pointer, operation.elementBytes()));
    }
    code.load(RDX, FRAME_PANEL);
    code.clear(R8);
    Label run = new Label();
    Label step = new Label();
    code.place(run);
    code.loadInt(R15, TABLE_SHIFT);
    code.loadInt(RDI, TABLE_LENGTH);
    code.add(RDI, R15);
    code.place(step);
    writeStep(rows);
    code.compare(R15, RDI);
    code.jump(Condition.LESS, step);
    code.add(R8, 1);
    code.loadInt(RDI, TABLE_RUNS);
    code.compare(R8, RDI);
    code.jump(Condition.LESS, run);
    finish(rows);
  }

  /** Fills the accumulators with the start of each column, or with what sums hold. */
  private void begin(int rows) {
    Label continues = new Label();
    Label begun = new Label();
    code.loadInt(R15, TABLE_CONTINUES);
    code.compare(R15, 0);
    code.jump(Condition.GREATER_OR_EQUAL, continues);
    code.load(R15, FRAME_START);
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < vectors; v++) {
        code.vector(
            VectorOperation.VMOVUPS_LOAD, accumulator(row, v), Memory.at(R15, v * vectorBytes));
      }
    }
    code.jump(begun);
    code.place(continues);
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < vectors; v++) {
        code.vector(VectorOperation.VMOVUPS_LOAD, accumulator(row, v), sum(row, v));
      }
    }
    code.place(begun);
  }

  private void writeStep(int rows) {
    boolean widens = operation == MultiplyAdd.PAIRS;
    int stored = widens ? vectorBytes / 2 : vectorBytes;
    for (int v = 0; v < vectors; v++) {
      code.vector(
          widens ? VectorOperation.VPMOVSXBW : VectorOperation.VMOVUPS_LOAD,
          firstOfPanel + v,
          Memory.at(RDX, v * stored));
    }
    code.add(RDX, vectors * stored);
    for (int row = 0; row < rows; row++) {
      code.vector(VectorOperation.VPBROADCASTD, broadcast, Memory.at(ROWS.get(row), R15, 1));
      for (int v = 0; v < vectors; v++) {
        multiplyAdd(accumulator(row, v), firstOfPanel + v);
      }
    }
    code.add(R15, PanelRoutine.STEP_BYTES);
  }

  private void multiplyAdd(int accumulator, int columns) {
    switch (operation) {
      case FLOATS -> code.vector(VectorOperation.VFMADD231PS, accumulator, broadcast, columns);
      case QUADS -> code.vector(VectorOperation.VPDPBUSD, accumulator, broadcast, columns);
      case PAIRS -> {
        code.vector(VectorOperation.VPMADDWD, product, broadcast, columns);
        code.vector(VectorOperation.VPADDD, accumulator, accumulator, product);
      }
    }
  }

  /** Stores the accumulators as floats and moves on to the next rows. */
  private void finish(int rows) {
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < vectors; v++) {
        int accumulator = accumulator(row, v);
        if (operation.isInteger()) {
          code.vector(VectorOperation.VCVTDQ2PS, accumulator, accumulator);
        }
        code.vector(VectorOperation.VMOVUPS_STORE, accumulator, sum(row, v));
      }
    }
    code.add(RCX, rows * vectors * vectorBytes);
    code.add(RSI, 4 * rows);
    code.load(RDI, FRAME_ROWS);
    code.load(RAX, FRAME_LEFT);
    code.subtract(RAX, rows);
    code.store(FRAME_LEFT, RAX);
  }

  private int accumulator(int row, int vector) {
    return row * vectors + vector;
  }

  private Memory sum(int row, int vector) {
    return Memory.at(RCX, (row * vectors + vector) * vectorBytes);
  }
}
