package dev.fixpoint.runtime.internal.simd.machine;

import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Optional;

/**
 * Which multiply-adds this process may run as machine code: what the CPU has, on a system that is
 * known here, where native access was granted to this module ({@code --enable-native-access}), and
 * as far as {@code -Dfixpoint.machineCode=off|floats|pairs|quads} allows; each allows those before
 * it.
 */
public final class MachineCode {
  private static final String PROPERTY = "fixpoint.machineCode";

  private MachineCode() {}

  /** The CPU's features, asked once. */
  private static final class Cpu {
    static final CpuFeatures FEATURES = features();

    private Cpu() {}

    private static CpuFeatures features() {
      try {
        return CpuFeatures.ask();
      } catch (IllegalStateException e) {
        System.getLogger(MachineCode.class.getName())
            .log(Level.INFO, "running without machine code: " + e.getMessage());
        return CpuFeatures.NONE;
      }
    }
  }

  /** The best multiply-add of bytes at some width of vectors. */
  public static Optional<MultiplyAdd> integers(int vectorBits) {
    if (isThere(MultiplyAdd.QUADS, vectorBits)) {
      return Optional.of(MultiplyAdd.QUADS);
    }
    return isThere(MultiplyAdd.PAIRS, vectorBits)
        ? Optional.of(MultiplyAdd.PAIRS)
        : Optional.empty();
  }

  /** Whether a multiply-add is to be used at some width of vectors. */
  public static boolean isThere(MultiplyAdd operation, int vectorBits) {
    return isAllowed(operation) && canRun(operation, vectorBits);
  }

  /** Whether this process can run a multiply-add at some width of vectors. */
  public static boolean canRun(MultiplyAdd operation, int vectorBits) {
    return isPossible() && hasCpu(operation, vectorBits);
  }

  /**
   * A routine for panels whose rows fill some vectors.
   *
   * @throws IllegalArgumentException if this process cannot run it
   */
  public static PanelRoutine routine(MultiplyAdd operation, int vectorBits, int vectors) {
    if (!canRun(operation, vectorBits)) {
      throw new IllegalArgumentException(
          "this process cannot run " + operation + " at " + vectorBits + " bits");
    }
    return PanelRoutine.of(operation, vectorBits, vectors);
  }

  private static boolean isAllowed(MultiplyAdd operation) {
    String limit = System.getProperty(PROPERTY, "quads").toUpperCase(Locale.ROOT);
    return switch (limit) {
      case "OFF" -> false;
      case "FLOATS", "PAIRS", "QUADS" -> operation.compareTo(MultiplyAdd.valueOf(limit)) <= 0;
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + " must be off, floats, pairs or quads, not " + limit);
    };
  }

  private static boolean isPossible() {
    return MachineCode.class.getModule().isNativeAccessEnabled() && CodeMemory.isKnownSystem();
  }

  private static boolean hasCpu(MultiplyAdd operation, int vectorBits) {
    CpuFeatures cpu = Cpu.FEATURES;
    return switch (vectorBits) {
      case 256 -> operation == MultiplyAdd.QUADS ? cpu.vnni256() : cpu.avx2();
      case 512 -> operation == MultiplyAdd.QUADS ? cpu.vnni512() : cpu.avx512();
      default -> false;
    };
  }
}
