package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inputs made from the raw images are those that the networks were measured with. */
class DigitsTest {
  /**
   * How far two computations may be apart where one rounds every step to float32 and ours rounds
   * the last. With u = 2^-24: a position, up to 8, is rounded 3 times (24 u); neighbouring pixels
   * differ by at most 1, so two positions move the result by 48 u; 9 roundings of numbers up to 1
   * follow, and 2 for the mean: 59 u, enlarged by the division by 0.38. Its own rounding, that of
   * 0.38, and ours concern numbers below 2: 6 u.
   */
  private static final double BOUND = (59 / 0.38 + 6) * 0x1p-24;

  private static ByteBuffer array(String file, String name) throws IOException {
    Path path = SharedData.path("digits/" + file + ".npz");
    try (ZipFile zip = new ZipFile(path.toFile())) {
      ByteBuffer bytes =
          ByteBuffer.wrap(zip.getInputStream(new ZipEntry(name + ".npy")).readAllBytes());
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      int start = 10 + bytes.getShort(8);
      return bytes.slice(start, bytes.capacity() - start).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"calibration", "test"})
  void inputsAreThoseOfTheMeasurements(String file) throws IOException {
    Digits digits = file.equals("test") ? Digits.test() : Digits.calibration();
    FloatBuffer images = array(file, "image").asFloatBuffer();
    LongBuffer labels = array(file, "label").asLongBuffer();

    float[] ours = digits.images().toFloats();
    assertThat(ours).hasSize(images.capacity());
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs((double) ours[i] - images.get(i)));
    }
    assertThat(largest).isLessThanOrEqualTo(BOUND);
    assertThat(digits.labels()).hasSize(labels.capacity());
    for (int i = 0; i < labels.capacity(); i++) {
      assertThat(digits.labels().get(i).longValue()).isEqualTo(labels.get(i));
    }
  }
}
