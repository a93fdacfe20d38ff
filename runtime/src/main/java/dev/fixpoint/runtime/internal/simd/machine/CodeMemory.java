package dev.fixpoint.runtime.internal.simd.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Memory that code is written to and then executed from, never both at once. It is asked of the
 * operating system by the calls of POSIX and kept as long as the process lives.
 */
final class CodeMemory {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int PRIVATE = 2;
  private static final long PAGE = 4096;

  private static final Linker LINKER = Linker.nativeLinker();

  private CodeMemory() {}

  /** Whether this is a system whose calls and calling convention are known here. */
  static boolean isKnownSystem() {
    String machine = System.getProperty("os.arch", "");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return (machine.equals("amd64") || machine.equals("x86_64"))
        && (system.equals("linux") || system.startsWith("mac"));
  }

  /**
   * A function of the given code.
   *
   * @throws IllegalStateException if the system gives no memory that can be executed
   */
  static MethodHandle function(byte[] code, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(place(code), descriptor, Linker.Option.critical(true));
  }

  private static MemorySegment place(byte[] code) {
    long bytes = Math.ceilDiv(code.length, PAGE) * PAGE;
    try {
      MemorySegment address =
          (MemorySegment)
              system(
                      "mmap",
                      FunctionDescriptor.of(
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_INT,
                          ValueLayout.JAVA_LONG))
                  .invokeExact(
                      MemorySegment.NULL, bytes, READ | WRITE, PRIVATE | anonymous(), -1, 0L);
      if (address.address() == -1) {
        throw new IllegalStateException("the system gives no memory for code");
      }
      MemorySegment memory = address.reinterpret(bytes, Arena.global(), null);
      MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
      int refused =
          (int)
              system(
                      "mprotect",
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_INT))
                  .invokeExact(memory, bytes, READ | EXECUTE);
      if (refused != 0) {
        throw new IllegalStateException("the system does not let written memory be executed");
      }
      return memory;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the system failed", e);
    }
  }

  private static MethodHandle system(String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new IllegalStateException("the system has no call " + name));
    return LINKER.downcallHandle(address, descriptor);
  }

  private static int anonymous() {
    return System.getProperty("os.name").equals("Linux") ? 0x20 : 0x1000;
  }
}
