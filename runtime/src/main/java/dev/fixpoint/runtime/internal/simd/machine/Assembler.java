package dev.fixpoint.runtime.internal.simd.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the few x86-64 instructions that the routines of this package need (Intel 64 and IA-32
 * Architectures Software Developer's Manual, volume 2). Displacements and distances always take 32
 * bits, so that nothing has to be sized twice.
 */
final class Assembler {
  /** When a jump is taken, by the second byte of its opcode. */
  enum Condition {
    EQUAL(0x84),
    LESS(0x8C),
    GREATER_OR_EQUAL(0x8D);

    private final int opcode;

    Condition(int opcode) {
      this.opcode = opcode;
    }
  }

  /** A place in the code, and the jumps to it that were written before it was known. */
  static final class Label {
    private final List<Integer> jumps = new ArrayList<>();
    private int place = -1;
  }

  private final int vectorBits;
  private byte[] code = new byte[1024];
  private int size;

  /**
   * An assembler.
   *
   * @param vectorBits width of vectors: 256 is written in the VEX form with 16 registers, 512 in
   *     the EVEX form with 32
   */
  Assembler(int vectorBits) {
    this.vectorBits = vectorBits;
  }

  /** The code so far. */
  byte[] code() {
    return Arrays.copyOf(code, size);
  }

  void push(Register register) {
    if (register.number() > 7) {
      put(0x41);
    }
    put(0x50 | register.number() & 7);
  }

  void pop(Register register) {
    if (register.number() > 7) {
      put(0x41);
    }
    put(0x58 | register.number() & 7);
  }

  void ret() {
    put(0xC3);
  }

  void cpuid() {
    put(0x0F);
    put(0xA2);
  }

  void xgetbv() {
    put(0x0F);
    put(0x01);
    put(0xD0);
  }

  void vzeroupper() {
    put(0xC5);
    put(0xF8);
    put(0x77);
  }

  /** 64 bits of a register to another. */
  void move(Register to, Register from) {
    registers(0x8B, to, from);
  }

  /** 64 bits of memory to a register. */
  void load(Register to, Memory from) {
    memory(true, 0x8B, to.number(), from);
  }

  /** A register to 64 bits of memory. */
  void store(Memory to, Register from) {
    memory(true, 0x89, from.number(), to);
  }

  /** The lower 32 bits of a register to memory. */
  void storeInt(Memory to, Register from) {
    memory(false, 0x89, from.number(), to);
  }

  /** 32 bits of memory to a register, the sign extended. */
  void loadInt(Register to, Memory from) {
    memory(true, 0x63, to.number(), from);
  }

  /** The address of an operand to a register. */
  void address(Register to, Memory of) {
    memory(true, 0x8D, to.number(), of);
  }

  void add(Register to, Register what) {
    registers(0x03, to, what);
  }

  void add(Register to, int what) {
    immediate(0, to, what);
  }

  void subtract(Register from, int what) {
    immediate(5, from, what);
  }

  /** Sets a register to zero. */
  void clear(Register register) {
    registers(0x33, register, register);
  }

  void compare(Register left, Register right) {
    registers(0x3B, left, right);
  }

  void compare(Register left, int right) {
    immediate(7, left, right);
  }

  void jump(Label to) {
    put(0xE9);
    distance(to);
  }

  void jump(Condition condition, Label to) {
    put(0x0F);
    put(condition.opcode);
    distance(to);
  }

  /** Says that a label stands here. */
  void place(Label label) {
    label.place = size;
    for (int jump : label.jumps) {
      putInt(jump, size - (jump + 4));
    }
  }

  /** A vector instruction of two operands. */
  void vector(VectorOperation operation, int register, Memory operand) {
    vector(operation, register, 0, operand);
  }

  /** A vector instruction of three operands, the last in memory. */
  void vector(VectorOperation operation, int register, int left, Memory operand) {
    Register index = operand.index();
    boolean indexHigh = index != null && index.number() > 7;
    prefix(operation, register, left, indexHigh, operand.base().number() > 7);
    put(operation.opcode());
    operand(register, operand);
  }

  /** A vector instruction of two registers. */
  void vector(VectorOperation operation, int register, int operand) {
    vector(operation, register, 0, operand);
  }

  /** A vector instruction of three registers. */
  void vector(VectorOperation operation, int register, int left, int operand) {
    prefix(operation, register, left, operand > 15, (operand & 8) != 0);
    put(operation.opcode());
    put(0xC0 | (register & 7) << 3 | operand & 7);
  }

  /** The VEX or EVEX prefix; {@code x} and {@code b} extend the operand's register numbers. */
  private void prefix(VectorOperation operation, int register, int left, boolean x, boolean b) {
    int extensions =
        ((register & 8) == 0 ? 0x80 : 0) | (x ? 0 : 0x40) | (b ? 0 : 0x20) | operation.map();
    int inverted = (~left & 15) << 3 | operation.prefix();
    if (vectorBits == 256) {
      put(0xC4);
      put(extensions);
      put(inverted | 4);
    } else {
      put(0x62);
      put(extensions | (register > 15 ? 0 : 0x10));
      put(inverted | 4);
      put(0x40 | (left > 15 ? 0 : 8));
    }
  }

  private void registers(int opcode, Register register, Register operand) {
    put(0x48 | register.number() >> 3 << 2 | operand.number() >> 3);
    put(opcode);
    put(0xC0 | (register.number() & 7) << 3 | operand.number() & 7);
  }

  private void immediate(int extension, Register register, int value) {
    put(0x48 | register.number() >> 3);
    put(0x81);
    put(0xC0 | extension << 3 | register.number() & 7);
    putInt(value);
  }

  private void memory(boolean wide, int opcode, int register, Memory operand) {
    Register index = operand.index();
    int high = index == null ? 0 : index.number() >> 3;
    put((wide ? 0x48 : 0x40) | register >> 3 << 2 | high << 1 | operand.base().number() >> 3);
    put(opcode);
    operand(register, operand);
  }

  /** The bytes that name a memory operand, with a displacement of 32 bits. */
  private void operand(int register, Memory operand) {
    int field = 0x80 | (register & 7) << 3;
    int base = operand.base().number() & 7;
    @Nullable Register index = operand.index();
    if (index != null) {
      put(field | 4);
      put(Integer.numberOfTrailingZeros(operand.scale()) << 6 | (index.number() & 7) << 3 | base);
    } else if (base == Register.RSP.number()) {
      put(field | 4);
      put(4 << 3 | base);
    } else {
      put(field | base);
    }
    putInt(operand.displacement());
  }

  private void distance(Label to) {
    putInt(to.place - (size + 4));
    if (to.place < 0) {
      to.jumps.add(size - 4);
    }
  }

  private void put(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }

  private void putInt(int value) {
    for (int i = 0; i < 4; i++) {
      put(value >> 8 * i);
    }
  }

  private void putInt(int at, int value) {
    for (int i = 0; i < 4; i++) {
      code[at + i] = (byte) (value >> 8 * i);
    }
  }
}
