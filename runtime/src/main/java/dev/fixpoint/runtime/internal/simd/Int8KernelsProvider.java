package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.runtime.internal.simd.scalar.ScalarFloatKernels;
import dev.fixpoint.runtime.internal.simd.scalar.ScalarInt8Kernels;
import dev.fixpoint.runtime.internal.simd.vector.VectorFloatKernels;
import dev.fixpoint.runtime.internal.simd.vector.VectorInt8Kernels;
import java.lang.System.Logger.Level;
import java.util.Locale;

/**
 * The choice of kernels, made once for the process where a session does not choose for itself:
 * vector kernels where the module {@code jdk.incubator.vector} is there, after a start in plain
 * Java, else the scalar twins with one line in the log. Vector kernels call machine code for
 * integer products where they can (see {@code MachineCode}). {@code
 * -Dfixpoint.kernels=scalar|vector} forces one from the start, without machine code; {@code
 * -Dfixpoint.vectorBits=128|256|512} the width.
 */
public final class Int8KernelsProvider {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String KERNELS = "fixpoint.kernels";
  private static final boolean FORCED = System.getProperty(KERNELS) != null;
  private static final boolean VECTOR = choose();
  private static final Int8Kernels INT8 = adaptive();
  private static final FloatKernels FLOAT =
      VECTOR ? new VectorFloatKernels(!FORCED) : new ScalarFloatKernels();

  private static final Primitives AUTOMATIC = new Primitives(INT8, FLOAT);

  private Int8KernelsProvider() {}

  /** The choice of this process. */
  public static Primitives primitives() {
    return AUTOMATIC;
  }

  /** The scalar twins. */
  public static Primitives scalar() {
    return new Primitives(new ScalarInt8Kernels(), new ScalarFloatKernels());
  }

  /**
   * The vector kernels from the start.
   *
   * @throws IllegalStateException if this Java runs without the module that they need
   */
  public static Primitives vector() {
    requireVectors();
    return new Primitives(new VectorInt8Kernels(!FORCED), new VectorFloatKernels(!FORCED));
  }

  private static void requireVectors() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new IllegalStateException(
          "vector kernels need the option --add-modules " + MODULE + " of Java");
    }
  }

  /** The kernels over 8-bit data. */
  public static Int8Kernels int8() {
    return INT8;
  }

  /** The kernels over float32 data. */
  public static FloatKernels floats() {
    return FLOAT;
  }

  /** The kernels over 8-bit data that do the work once a process has started up. */
  static Int8Kernels steady() {
    return VECTOR ? new VectorInt8Kernels(!FORCED) : new ScalarInt8Kernels();
  }

  /**
   * The vector kernels alone, whatever the CPU has besides.
   *
   * @throws IllegalStateException if this Java runs without the module that they need
   */
  static Int8Kernels withoutMachineCode() {
    requireVectors();
    return new VectorInt8Kernels(false);
  }

  private static Int8Kernels adaptive() {
    Int8Kernels twin = new ScalarInt8Kernels();
    if (!VECTOR) {
      return twin;
    }
    return FORCED ? steady() : new AdaptiveInt8Kernels(twin, Int8KernelsProvider::steady);
  }

  private static boolean choose() {
    String wish = System.getProperty(KERNELS, "").toLowerCase(Locale.ROOT);
    boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
    return switch (wish) {
      case "scalar" -> false;
      case "vector" -> {
        if (!present) {
          throw new IllegalStateException(
              "-Dfixpoint.kernels=vector needs the option --add-modules " + MODULE);
        }
        yield true;
      }
      case "" -> {
        if (!present) {
          System.getLogger(Int8KernelsProvider.class.getName())
              .log(
                  Level.WARNING,
                  "running without vector kernels, many times slower; start Java with --add-modules "
                      + MODULE);
        }
        yield present;
      }
      default ->
          throw new IllegalArgumentException(
              "-Dfixpoint.kernels must be scalar or vector, not " + wish);
    };
  }
}
