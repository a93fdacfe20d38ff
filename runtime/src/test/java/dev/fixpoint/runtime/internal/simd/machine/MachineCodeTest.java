package dev.fixpoint.runtime.internal.simd.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Routines give the sums of plain Java, bit for bit, whatever the CPU has. */
class MachineCodeTest {
  private static final Path LINUX_CPU = Path.of("/proc/cpuinfo");
  private static final int[] WIDTHS = {256, 512};
  private static final int UNTOUCHED = 7;

  /** Rows and a panel in the three forms that routines take, and the same for plain Java. */
  private static final class Product {
    private final Random random;
    private final MultiplyAdd operation;
    private final int columns;
    private final int rows;
    private final int runs;
    private final int length;
    private final int pitch;
    private final float[] floatRows;
    private final byte[] byteRows;
    private final float[] floatPanel;
    private final byte[] bytePanel;
    private final float[] floatStart;
    private final int[] intStart;

    Product(Random random, MultiplyAdd operation, int columns, int rows) {
      this.random = random;
      this.operation = operation;
      this.columns = columns;
      this.rows = rows;
      this.runs = 1 + random.nextInt(3);
      this.length = operation.depth() * (1 + random.nextInt(9));
      this.pitch = length + random.nextInt(3);
      int elements = (rows + runs) * pitch + length;
      int weights = runs * length * columns;
      this.floatRows = floats(elements);
      this.byteRows = bytes(elements, (byte) -1);
      this.floatPanel = floats(weights);
      this.bytePanel = bytes(weights, Byte.MIN_VALUE);
      this.floatStart = floats(columns);
      this.intStart = random.ints(columns, -1 << 20, 1 << 20).toArray();
    }

    private float[] floats(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      return numbers;
    }

    /** Many of them at the corner at which sums of products are largest. */
    private byte[] bytes(int count, byte corner) {
      byte[] numbers = new byte[count];
      random.nextBytes(numbers);
      for (int i = 0; i < count; i++) {
        numbers[i] = random.nextInt(3) == 0 ? corner : numbers[i];
      }
      return numbers;
    }

    private int offset(int row) {
      return row * pitch;
    }

    private int shift(int run) {
      return run * pitch;
    }

    float[] plain(float[] continued) {
      float[] sums = new float[rows * columns];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int at = row * columns + column;
          sums[at] =
              operation == MultiplyAdd.FLOATS
                  ? floatSum(
                      row, column, continued.length == 0 ? floatStart[column] : continued[at])
                  : intSum(row, column);
        }
      }
      return sums;
    }

    private float floatSum(int row, int column, float start) {
      float sum = start;
      for (int run = 0; run < runs; run++) {
        for (int k = 0; k < length; k++) {
          float weight = floatPanel[(run * length + k) * columns + column];
          sum = Math.fma(floatRows[offset(row) + shift(run) + k], weight, sum);
        }
      }
      return sum;
    }

    private int intSum(int row, int column) {
      int depth = operation.depth();
      int sum = intStart[column];
      for (int run = 0; run < runs; run++) {
        for (int k = 0; k < length; k++) {
          int index = run * length + k;
          int place = index / depth * depth * columns + column * depth + index % depth;
          sum += (byteRows[offset(row) + shift(run) + k] & 0xff) * bytePanel[place];
        }
      }
      return sum;
    }

    float[] machine(PanelRoutine routine, float[] continued) {
      int before = 1 + random.nextInt(5);
      float[] sums = Arrays.copyOf(continued, rows * columns + UNTOUCHED);
      int[] offsets = new int[rows];
      Arrays.setAll(offsets, this::offset);
      int[] table = new int[PanelRoutine.SHIFTS + runs];
      table[PanelRoutine.ROWS] = rows;
      table[PanelRoutine.LENGTH] = length * operation.elementBytes();
      table[PanelRoutine.RUNS] = runs;
      table[PanelRoutine.CONTINUES] = continued.length == 0 ? -1 : 0;
      table[PanelRoutine.PANEL] = before * (operation.isInteger() ? 1 : Float.BYTES);
      table[PanelRoutine.START] = before * Integer.BYTES;
      for (int run = 0; run < runs; run++) {
        table[PanelRoutine.SHIFTS + run] = shift(run) * operation.elementBytes();
      }
      routine.multiply(
          rowSegment(),
          MemorySegment.ofArray(offsets),
          operation.isInteger()
              ? MemorySegment.ofArray(behind(before, bytePanel))
              : MemorySegment.ofArray(behind(before, floatPanel)),
          MemorySegment.ofArray(sums),
          operation.isInteger()
              ? MemorySegment.ofArray(behind(before, intStart))
              : MemorySegment.ofArray(behind(before, floatStart)),
          MemorySegment.ofArray(table));
      assertThat(Arrays.copyOfRange(sums, rows * columns, sums.length))
          .isEqualTo(new float[UNTOUCHED]);
      return Arrays.copyOf(sums, rows * columns);
    }

    private MemorySegment rowSegment() {
      return switch (operation) {
        case FLOATS -> MemorySegment.ofArray(floatRows);
        case QUADS -> MemorySegment.ofArray(byteRows);
        case PAIRS -> {
          short[] wide = new short[byteRows.length];
          for (int i = 0; i < wide.length; i++) {
            wide[i] = (short) (byteRows[i] & 0xff);
          }
          yield MemorySegment.ofArray(wide);
        }
      };
    }

    private static byte[] behind(int count, byte[] what) {
      byte[] all = new byte[count + what.length];
      System.arraycopy(what, 0, all, count, what.length);
      return all;
    }

    private static float[] behind(int count, float[] what) {
      float[] all = new float[count + what.length];
      System.arraycopy(what, 0, all, count, what.length);
      return all;
    }

    private static int[] behind(int count, int[] what) {
      int[] all = new int[count + what.length];
      System.arraycopy(what, 0, all, count, what.length);
      return all;
    }
  }

  @Test
  void everyRoutineThatTheCpuCanRunGivesTheSumsOfPlainJava() {
    for (MultiplyAdd operation : MultiplyAdd.values()) {
      for (int bits : WIDTHS) {
        for (int vectors = 1; vectors <= 2 && MachineCode.canRun(operation, bits); vectors++) {
          PanelRoutine routine = MachineCode.routine(operation, bits, vectors);
          Random random = new Random(bits + vectors);
          for (int rows = 1; rows <= 40; rows++) {
            Product product = new Product(random, operation, vectors * bits / Float.SIZE, rows);
            float[] sums = product.machine(routine, new float[0]);
            assertThat(sums)
                .as("%s, %s bits, %s vectors, %s rows", operation, bits, vectors, rows)
                .isEqualTo(product.plain(new float[0]));
            if (!operation.isInteger()) {
              assertThat(product.machine(routine, sums)).isEqualTo(product.plain(sums));
            }
          }
        }
      }
    }
  }

  @Test
  void theFeaturesOfTheCpuAreThoseThatTheSystemTells() throws IOException {
    if (!Files.exists(LINUX_CPU) || !CodeMemory.isKnownSystem()) {
      assertThat(CodeMemory.isKnownSystem() && !System.getProperty("os.name").startsWith("Mac"))
          .isFalse();
      return;
    }
    List<String> flags =
        Files.readAllLines(LINUX_CPU).stream()
            .filter(line -> line.startsWith("flags"))
            .limit(1)
            .flatMap(line -> Arrays.stream(line.split("[\\s:]+")))
            .toList();
    boolean avx2 = flags.containsAll(List.of("avx2", "fma"));
    boolean avx512 = avx2 && flags.containsAll(List.of("avx512f", "avx512bw"));
    CpuFeatures asked = CpuFeatures.ask();
    assertThat(asked.avx2()).isEqualTo(avx2);
    assertThat(asked.avx512()).isEqualTo(avx512);
    // Older systems do not know these features, which the CPU has nevertheless.
    assertThat(asked.vnni256()).isIn(true, avx2 && flags.contains("avx_vnni"));
    assertThat(asked.vnni512()).isIn(true, avx512 && flags.contains("avx512_vnni"));
  }

  @Test
  void whatTheCpuCannotRunIsRefused() {
    assertThatThrownBy(() -> MachineCode.routine(MultiplyAdd.PAIRS, 128, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this process cannot run PAIRS at 128 bits");
  }
}
