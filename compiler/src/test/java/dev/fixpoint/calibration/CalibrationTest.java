package dev.fixpoint.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over sample data: on any number of threads, with a cache, and with damaged ones. */
class CalibrationTest {
  private static final Graph GRAPH =
      OnnxTextReader.read(
          "calibrated",
          """
          calibrated (float[N,3] x) => (float[N,2] y)
          <float[3,2] w = {1, -2, 3, 0.5, -1, 4}>
          { h = MatMul(x, w)  y = Tanh(h) }
          """);

  @TempDir private Path folder;
  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger evaluations = new AtomicInteger();

  private static Set<Value> values() {
    return Set.copyOf(GRAPH.nodes().stream().map(node -> node.output()).toList());
  }

  private static List<Map<String, Tensor>> batches(long seed, int count) {
    Random random = new Random(seed);
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int rows = 1 + random.nextInt(4);
      float[] numbers = new float[3 * rows];
      for (int k = 0; k < numbers.length; k++) {
        numbers[k] = (float) Math.scalb(random.nextGaussian(), random.nextInt(12));
      }
      batches.add(Map.of("x", Tensor.ofFloats(Shape.of(rows, 3), numbers)));
    }
    return batches;
  }

  private Map<Value, ValueSummary> calibrated(CalibrationMethod method, CalibrationData data) {
    Evaluator counting =
        (graph, taps) -> {
          evaluations.incrementAndGet();
          return new ReferenceInterpreter().prepare(graph, taps);
        };
    QuantScheme scheme = QuantScheme.DEFAULT.withCalibration(method);
    return new Calibration(scheme, counting, data).of(GRAPH, values());
  }

  @Property(tries = 10)
  void theResultHasTheSameBitsForAnyNumberOfThreads(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int threads) {
    CalibrationData data = CalibrationData.of(batches(seed, 25));
    for (CalibrationMethod method :
        List.of(
            CalibrationMethod.MINMAX,
            CalibrationMethod.PERCENTILE,
            CalibrationMethod.ENTROPY,
            CalibrationMethod.MSE,
            CalibrationMethod.MOVING_AVERAGE)) {
      assertThat(calibrated(method, data.withThreads(threads))).isEqualTo(calibrated(method, data));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theFirstSampleThatIsNotFiniteIsNamed(int threads) {
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      float odd = i == 11 ? Float.NEGATIVE_INFINITY : i == 15 ? Float.NaN : i;
      batches.add(Map.of("x", Tensor.ofFloats(Shape.of(2, 3), 0, 0, 0, 0, odd, 0)));
    }

    assertThatThrownBy(
            () ->
                calibrated(
                    CalibrationMethod.MINMAX, CalibrationData.of(batches).withThreads(threads)))
        .isInstanceOf(CalibrationException.class)
        .hasMessageContaining("MatMul")
        .hasMessageContaining("'h' is -Infinity for calibration sample 23");
  }

  @Test
  void noDataIsRefused() {
    assertThatThrownBy(() -> calibrated(CalibrationMethod.MINMAX, CalibrationData.of(List.of())))
        .hasMessageContaining("there is no calibration data");
    assertThatThrownBy(() -> CalibrationData.of(List.of()).withThreads(0))
        .hasMessageContaining("at least one thread");
  }

  private CalibrationData cached(long seed) {
    return CalibrationData.of(batches(seed, 10))
        .withThreads(2)
        .withCache(folder.resolve("cache.txt"), notices::add);
  }

  @Test
  void theSecondTimeComesFromTheCacheToTheBit() throws IOException {
    Map<Value, ValueSummary> first = calibrated(CalibrationMethod.MSE, cached(1));
    Map<Value, ValueSummary> second = calibrated(CalibrationMethod.MSE, cached(1));

    assertThat(second).isEqualTo(first);
    assertThat(evaluations).hasValue(1);
    assertThat(notices).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("cache.txt"));
    }
  }

  @Test
  void otherDataAndOtherMethodsAreCalibratedAnew() {
    calibrated(CalibrationMethod.MSE, cached(1));
    calibrated(CalibrationMethod.MSE, cached(2));
    Map<Value, ValueSummary> extremes = calibrated(CalibrationMethod.MINMAX, cached(2));

    assertThat(evaluations).hasValue(3);
    assertThat(notices)
        .hasSize(2)
        .allMatch(notice -> notice.contains("of another model, other data or another method"));
    assertThat(calibrated(CalibrationMethod.MINMAX, cached(2))).isEqualTo(extremes);
    assertThat(evaluations).hasValue(3);
  }

  @Test
  void anotherModelIsCalibratedAnew() {
    calibrated(CalibrationMethod.MINMAX, cached(1));
    Graph other =
        OnnxTextReader.read(
            "other",
            """
            calibrated (float[N,3] x) => (float[N,2] y)
            <float[3,2] w = {1, -2, 3, 0.5, -1, 5}>
            { h = MatMul(x, w)  y = Tanh(h) }
            """);

    Map<Value, ValueSummary> seen =
        new Calibration(QuantScheme.DEFAULT, new ReferenceInterpreter(), cached(1))
            .of(other, Set.of(other.nodes().getFirst().output()));

    assertThat(seen).hasSize(1);
    assertThat(notices).hasSize(1);
  }

  /** How a cache may be spoiled. */
  enum Damage {
    /** Cut off in the middle. */
    CUT {
      @Override
      byte[] of(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
      }
    },
    /** One bit of a number changed. */
    FLIPPED {
      @Override
      byte[] of(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[bytes.length / 2] ^= 1;
        return changed;
      }
    },
    /** Nothing in it. */
    EMPTY {
      @Override
      byte[] of(byte[] bytes) {
        return new byte[0];
      }
    },
    /** Not text. */
    BINARY {
      @Override
      byte[] of(byte[] bytes) {
        return new byte[] {-1, -2, -3, 10, -1};
      }
    };

    abstract byte[] of(byte[] bytes);
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedCacheIsNotUsedAndReplaced(Damage damage) throws IOException {
    Path file = folder.resolve("cache.txt");
    Map<Value, ValueSummary> first = calibrated(CalibrationMethod.MINMAX, cached(1));
    Files.write(file, damage.of(Files.readAllBytes(file)));

    assertThat(calibrated(CalibrationMethod.MINMAX, cached(1))).isEqualTo(first);
    assertThat(evaluations).hasValue(2);
    assertThat(notices)
        .singleElement()
        .asString()
        .startsWith("calibration cache " + file + " is not used: it is ")
        .endsWith("; calibrating anew");

    calibrated(CalibrationMethod.MINMAX, cached(1));
    assertThat(evaluations).hasValue(2);
  }

  @Test
  void aCacheThatCannotBeWrittenIsTold() {
    CalibrationData data =
        CalibrationData.of(batches(1, 3)).withCache(folder.resolve("no/cache"), notices::add);

    assertThat(calibrated(CalibrationMethod.MINMAX, data)).isNotEmpty();
    assertThat(notices).singleElement().asString().contains("is not written");
  }

  @Test
  void theBulkLeavesOutZerosAndTheLargestHundredth() {
    double[] numbers = new double[2_000];
    for (int i = 0; i < 1_000; i++) {
      numbers[i] = i < 990 ? (i % 2 == 0 ? 0.5 : -0.5) : 4_000;
    }
    ProfileObserver seen = ProfileObserver.of(MinMaxObserver.EMPTY).observe(numbers);

    // The width of a bin is one, so that numbers below it count as one half.
    assertThat(seen.bulk()).isEqualTo(0.5);
    assertThat(seen.range(ElementType.UINT8)).isEqualTo(new Interval(-0.5, 4_000));
    assertThat(ProfileObserver.of(MinMaxObserver.EMPTY).observe(new double[9]).bulk()).isZero();
    assertThat(ProfileObserver.of(MinMaxObserver.EMPTY).bulk()).isZero();
  }

  @Test
  void fingerprintsTellContentAndNotOrderOfNames() {
    Tensor a = Tensor.ofFloats(Shape.of(2), 1, 2);
    Tensor b = Tensor.ofFloats(Shape.of(2, 1), 1, 2);
    Map<String, Tensor> forwards = new LinkedHashMap<>();
    forwards.put("a", a);
    forwards.put("b", b);
    Map<String, Tensor> backwards = new LinkedHashMap<>();
    backwards.put("b", b);
    backwards.put("a", a);

    assertThat(new Digest().add(forwards).hex()).isEqualTo(new Digest().add(backwards).hex());
    assertThat(new Digest().add(a).hex()).isNotEqualTo(new Digest().add(b).hex());
    assertThat(new Digest().add(GRAPH).hex()).hasSize(64);
  }
}
