package dev.fixpoint.runtime.internal.simd.machine;

import static dev.fixpoint.runtime.internal.simd.machine.Register.RAX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RBX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RCX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RDI;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RDX;
import static dev.fixpoint.runtime.internal.simd.machine.Register.RSI;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What the CPU and the operating system can do, asked with the instruction CPUID (Intel 64 and
 * IA-32 Architectures Software Developer's Manual, volume 2, CPUID and XGETBV).
 *
 * @param avx2 vectors of 256 bits, with float32 multiply-adds
 * @param avx512 vectors of 512 bits over bytes and 16-bit integers, too
 * @param vnni256 sums of byte products in vectors of 256 bits, VEX form
 * @param vnni512 sums of byte products in vectors of 512 bits
 */
record CpuFeatures(boolean avx2, boolean avx512, boolean vnni256, boolean vnni512) {
  /** A CPU of which nothing is known. */
  static final CpuFeatures NONE = new CpuFeatures(false, false, false, false);

  /** Registers of 128 and 256 bits, as the operating system says that it saves them. */
  private static final int SAVES_256 = 0x6;

  /** Those, masks and registers of 512 bits. */
  private static final int SAVES_512 = 0xE6;

  private static final FunctionDescriptor OF_THREE =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  private static final int A = 0;
  private static final int B = 1;
  private static final int C = 2;
  private static final int D = 3;

  /** Asks the CPU. */
  static CpuFeatures ask() {
    MethodHandle cpuid = CodeMemory.function(cpuid(), OF_THREE);
    int[] basic = call(cpuid, 1, 0);
    int saved = has(basic[C], 27) ? call(CodeMemory.function(xgetbv(), OF_THREE), 0, 0)[A] : 0;
    boolean avx = (saved & SAVES_256) == SAVES_256 && has(basic[C], 28) && has(basic[C], 12);
    if (!avx || call(cpuid, 0, 0)[A] < 7) {
      return NONE;
    }
    int[] extended = call(cpuid, 7, 0);
    boolean avx2 = has(extended[B], 5);
    boolean saves512 = (saved & SAVES_512) == SAVES_512;
    boolean avx512 = avx2 && saves512 && has(extended[B], 16) && has(extended[B], 30);
    boolean vnni256 = avx2 && extended[A] >= 1 && has(call(cpuid, 7, 1)[A], 4);
    return new CpuFeatures(avx2, avx512, vnni256, avx512 && has(extended[C], 11));
  }

  private static boolean has(int word, int bit) {
    return (word >> bit & 1) != 0;
  }

  private static byte[] cpuid() {
    Assembler code = new Assembler(256);
    code.push(RBX);
    code.move(RAX, RSI);
    code.move(RCX, RDX);
    code.cpuid();
    code.storeInt(Memory.at(RDI, 4 * A), RAX);
    code.storeInt(Memory.at(RDI, 4 * B), RBX);
    code.storeInt(Memory.at(RDI, 4 * C), RCX);
    code.storeInt(Memory.at(RDI, 4 * D), RDX);
    code.pop(RBX);
    code.ret();
    return code.code();
  }

  private static byte[] xgetbv() {
    Assembler code = new Assembler(256);
    code.clear(RCX);
    code.xgetbv();
    code.storeInt(Memory.at(RDI, 0), RAX);
    code.ret();
    return code.code();
  }

  private static int[] call(MethodHandle function, long first, long second) {
    int[] words = new int[4];
    try {
      function.invokeExact(MemorySegment.ofArray(words), first, second);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the CPU failed", e);
    }
    return words;
  }
}
